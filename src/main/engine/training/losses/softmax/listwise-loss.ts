import * as ort from 'onnxruntime-node'
import type { Matrix } from '../../../numeric/matrix'
import { listwiseGraph } from './listwise-graph'

/** Keeps a masked candidate's probability at 0 in float32 without making infinities. */
const MASKED = -1e4

export interface ListwiseBatch {
  /** (query, candidate) pairs */
  readonly masked: Int32Array
  /** (query, candidate) pairs */
  readonly targets: Int32Array
  readonly weights: Float32Array
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
   * @param candidates [m, d]  @param queries [rows, d], some or all of the n  @param n queries over which the mean is
   * @param out written  @returns what these queries add to the loss
   */
  evaluate(
    queries: Matrix,
    candidates: Matrix,
    batch: ListwiseBatch,
    n: number,
    out: ListwiseResult,
  ): Promise<number>
  dispose(): Promise<void>
}

export async function createListwiseLoss(dimensions: number, temperature: number): Promise<ListwiseLoss> {
  const session = await ort.InferenceSession.create(listwiseGraph(dimensions, temperature), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Failures come as exceptions; ONNX Runtime's own lines on stderr would only repeat them.
    logSeverityLevel: 4,
  })
  let mask = new Float32Array(0)
  return {
    async evaluate(queries, candidates, { masked, targets, weights }, n, { gradient, rowLosses }) {
      const rows = queries.rows
      const m = candidates.rows
      if (mask.length < rows * m) mask = new Float32Array(rows * m)
      for (let i = 0; i < masked.length; i += 2) mask[masked[i] * m + masked[i + 1]] = MASKED
      const feeds = {
        queries: new ort.Tensor('float32', queries.data, [rows, dimensions]),
        candidates: new ort.Tensor('float32', candidates.data, [m, dimensions]),
        mask: new ort.Tensor('float32', mask.subarray(0, rows * m), [rows, m]),
        targets: new ort.Tensor('int64', BigInt64Array.from(targets, BigInt), [weights.length, 2]),
      }
      const output = await session.run(feeds)
      for (let i = 0; i < masked.length; i += 2) mask[masked[i] * m + masked[i + 1]] = 0
      const logp = output.logp.data as Float32Array
      const pull = output.pull.data as Float32Array
      const mass = new Float64Array(rows)
      for (let t = 0; t < weights.length; t++) mass[targets[2 * t]] += weights[t]
      for (let q = 0; q < rows; q++) {
        const share = mass[q] / n
        for (let i = q * dimensions; i < (q + 1) * dimensions; i++) gradient[i] = share * pull[i]
      }
      rowLosses.fill(0, 0, rows)
      let loss = 0
      for (let t = 0; t < weights.length; t++) {
        loss -= (weights[t] * logp[t]) / n
        rowLosses[targets[2 * t]] -= weights[t] * logp[t]
        const share = weights[t] / (temperature * n)
        const to = targets[2 * t] * dimensions
        const from = targets[2 * t + 1] * dimensions
        for (let i = 0; i < dimensions; i++) gradient[to + i] -= share * candidates.data[from + i]
      }
      return loss
    },
    async dispose() {
      await session.release()
    },
  }
}
