import { Tensor } from 'onnxruntime-node'
import { createDirectSession, type DirectSession, matrixFeed } from '../../../formats/direct-session'
import type { Matrix } from '../../../numeric/matrix'
import { listwiseGraph } from './listwise-graph'

/** Keeps a masked candidate's probability at 0 in float32 without making infinities. */
const MASKED = -1e4

export interface ListwiseBatch {
  /** (query, candidate) pairs */
  readonly masked: Int32Array
  /** (query, candidate) pairs, each once: an import refuses judgments that name a pair twice */
  readonly targets: Int32Array
  readonly weights: Float32Array
}

/** The m candidates of an evaluation. */
export interface ListwiseCandidates {
  readonly corpus: Matrix
  /** [m] rows of the corpus; null: all of them. */
  readonly chosen: Int32Array | null
}

/** Where an evaluation writes; both may be longer than the n queries need. */
interface ListwiseResult {
  /** [n, d] gradient of the loss with respect to the queries */
  readonly gradient: Float32Array
  /** [n] what each query adds to n times the loss */
  readonly rowLosses: Float64Array
}

/**
 * Cross-entropy of the softmax over candidates at temperature τ, mean over the queries:
 * −(1/n) Σ_q Σ_r weight(q, r)·log softmax(q·C / τ)_r, and its gradient with respect to the queries.
 * A query without targets costs nothing and pulls nowhere.
 */
export interface ListwiseLoss {
  /**
   * @param queries [rows, d], some or all of the n  @param n queries over which the mean is
   * @param out written  @returns what these queries add to the loss
   */
  evaluate(
    queries: Matrix,
    candidates: ListwiseCandidates,
    batch: ListwiseBatch,
    n: number,
    out: ListwiseResult,
  ): number
  dispose(): void
}

/** @param threads of ONNX Runtime */
export function createListwiseLoss(dimensions: number, temperature: number, threads: number): ListwiseLoss {
  const sessions = new Map<'candidates' | 'corpus', DirectSession>()
  function session(among: 'candidates' | 'corpus'): DirectSession {
    const made = sessions.get(among)
    if (made) return made
    const created = createDirectSession(listwiseGraph(dimensions, temperature, among), threads)
    sessions.set(among, created)
    return created
  }
  let mask = new Float32Array(0)
  /** Where the graph writes `pull`. */
  let pulled = new Float32Array(0)
  /** Writes into the mask of m candidates a query. */
  function put(value: number, pairs: Int32Array, m: number): void {
    for (let i = 0; i < pairs.length; i += 2) mask[pairs[i] * m + pairs[i + 1]] = value
  }
  /** @param shares [t]  @returns [t] and [rows, d]: logp and pull of the graph */
  function scored(
    queries: Matrix,
    { corpus, chosen }: ListwiseCandidates,
    { masked, targets }: ListwiseBatch,
    shares: Float32Array,
  ) {
    const rows = queries.rows
    const m = chosen?.length ?? corpus.rows
    if (mask.length < rows * m) mask = new Float32Array(rows * m)
    const documents = matrixFeed(corpus.data, corpus.rows, dimensions)
    const feeds = {
      queries: matrixFeed(queries.data, rows, dimensions),
      ...(chosen
        ? { corpus: documents, chosen: new Tensor('int64', wholeNumbers(chosen), [m]) }
        : { candidates: documents }),
      mask: matrixFeed(mask.subarray(0, rows * m), rows, m),
      targets: new Tensor('int64', wholeNumbers(targets), [shares.length, 2]),
      shares: new Tensor('float32', shares, [shares.length]),
    }
    put(MASKED, masked, m)
    try {
      if (pulled.length < rows * dimensions) pulled = new Float32Array(rows * dimensions)
      const pull = matrixFeed(pulled.subarray(0, rows * dimensions), rows, dimensions)
      const { logp } = session(chosen ? 'corpus' : 'candidates').run(feeds, { logp: null, pull })
      return { logp: logp.data as Float32Array, pull: pulled }
    } catch (thrown) {
      throw new Error(`the corpus loss failed: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    } finally {
      put(0, masked, m)
    }
  }
  return {
    evaluate(queries, candidates, batch, n, { gradient, rowLosses }) {
      const { targets, weights } = batch
      const rows = queries.rows
      const mass = new Float64Array(rows)
      for (let t = 0; t < weights.length; t++) mass[targets[2 * t]] += weights[t]
      const shares = weights.map((weight, t) => (weight === 0 ? 0 : weight / mass[targets[2 * t]]))
      const { logp, pull } = scored(queries, candidates, batch, shares)
      for (let q = 0; q < rows; q++) {
        const share = mass[q] / n
        for (let i = q * dimensions; i < (q + 1) * dimensions; i++) gradient[i] = share * pull[i]
      }
      rowLosses.fill(0, 0, rows)
      let loss = 0
      for (let t = 0; t < weights.length; t++) {
        loss -= (weights[t] * logp[t]) / n
        rowLosses[targets[2 * t]] -= weights[t] * logp[t]
      }
      return loss
    },
    dispose() {
      for (const one of sessions.values()) one.release()
      sessions.clear()
    },
  }
}

/** As ONNX has places. */
function wholeNumbers(values: Int32Array): BigInt64Array {
  const whole = new BigInt64Array(values.length)
  // Two words each: of a place, which is never below 0, the upper one is 0.
  const words = new Int32Array(whole.buffer)
  for (let i = 0; i < values.length; i++) words[2 * i] = values[i]
  return whole
}
