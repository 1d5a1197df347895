import * as ort from 'onnxruntime-node'
import { throwIfCancelled } from '../../../shared/errors'
import { onnxModel } from '../formats/onnx-model'
import { blocksOf, createMatrix, isInMemory, type Matrix, row, type Vectors } from '../numeric/matrix'
import { descendingIdOrder, type Scores, topK } from './top-k'

/** Scores held at once: 256 × 20,000 documents are 20 MB. */
const BLOCK_VALUES = 5_000_000
/** Where documents lie on disk, and each product reads all of them: 50 × 1,000,000 are 200 MB. */
const STORED_BLOCK_VALUES = 50_000_000

/** Rows of queries whose scores with all documents are held at once. */
export function rowsAtOnce(
  documents: Vectors,
  values = isInMemory(documents) ? BLOCK_VALUES : STORED_BLOCK_VALUES,
): number {
  return Math.max(1, Math.floor(values / documents.rows))
}

export interface Ranking {
  /** [≤ depth] corpus rows, best first */
  readonly documents: Int32Array
  /** What the documents were ranked by: inner products, BM25 or fused scores. Equal where these are equal, and nowhere else. */
  readonly scores: Float32Array
}

interface RankOptions {
  readonly depth: number
  /** Documents that may not appear in the i-th query's ranking: its own, and what its card shows. */
  readonly excluded?: (query: number) => Iterable<number>
  readonly signal?: AbortSignal
}

/** Exact search of one corpus by inner product: the index that no head ever changes. */
export interface CorpusIndex {
  readonly documents: Vectors
  /** [documents] place of each among the ids in descending order: how equal scores are ordered. */
  readonly tieOrder: Int32Array
  rank(queries: Matrix, options: RankOptions): Promise<Ranking[]>
  /** All scores of the queries, [queries, documents]; for some hundred queries at most. */
  score(queries: Matrix): Promise<Matrix>
  dispose(): Promise<void>
}

export interface CorpusIndexOptions {
  readonly documents: Vectors
  readonly ids: readonly string[]
  readonly threads?: number
}

export async function createCorpusIndex({
  documents,
  ids,
  threads = 1,
}: CorpusIndexOptions): Promise<CorpusIndex> {
  const session = await ort.InferenceSession.create(scoreGraph(documents.columns), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // Failures come as exceptions; ONNX Runtime's own lines on stderr would only repeat them.
    logSeverityLevel: 4,
  })
  const tensorOf = ({ data, rows, columns }: Matrix) => new ort.Tensor('float32', data, [rows, columns])
  const corpus = isInMemory(documents) ? tensorOf(documents) : null
  const tieOrder = descendingIdOrder(ids)

  async function score(queries: Matrix): Promise<Matrix> {
    if (queries.columns !== documents.columns) {
      const widths = `queries of ${queries.columns} columns against documents of ${documents.columns}`
      throw new Error(`${widths}: a head that maps to other dimensions must map the documents too`)
    }
    const asked = tensorOf(queries)
    const product = async (part: ort.Tensor) => {
      const { scores } = await session.run({ queries: asked, documents: part })
      return scores.data as Float32Array
    }
    if (corpus) return createMatrix(queries.rows, documents.rows, await product(corpus))
    const scores = createMatrix(queries.rows, documents.rows)
    for (const { first, block } of blocksOf(documents)) {
      const part = await product(tensorOf(block))
      for (let i = 0; i < queries.rows; i++)
        row(scores, i).set(part.subarray(i * block.rows, (i + 1) * block.rows), first)
    }
    return scores
  }

  return {
    documents,
    tieOrder,
    score,
    async rank(queries, { depth, excluded, signal }) {
      const rankings: Ranking[] = []
      const block = rowsAtOnce(documents)
      for (let start = 0; start < queries.rows; start += block) {
        throwIfCancelled(signal)
        const rows = Math.min(block, queries.rows - start)
        const slice = queries.data.subarray(start * queries.columns, (start + rows) * queries.columns)
        const scored = await score({ rows, columns: queries.columns, data: slice })
        for (let i = 0; i < rows; i++) {
          const line = scored.data.subarray(i * documents.rows, (i + 1) * documents.rows)
          rankings.push(rankRow(line, depth, tieOrder, excluded?.(start + i)))
        }
      }
      return rankings
    },
    async dispose() {
      await session.release()
    },
  }
}

/** The `depth` best documents of one row of scores; the row is overwritten where documents are excluded. */
export function rankRow(
  scores: Scores,
  depth: number,
  tieOrder: Int32Array,
  excluded: Iterable<number> = [],
): Ranking {
  const gone = new Set<number>()
  for (const document of excluded) {
    if (document < 0) continue
    scores[document] = Number.NEGATIVE_INFINITY
    gone.add(document)
  }
  const documents = topK(scores, Math.min(depth, scores.length - gone.size), tieOrder)
  return { documents, scores: inFloat32(Float64Array.from(documents, (document) => scores[document])) }
}

/**
 * Descending scores in float32, which trec_eval reads and orders by: where rounding would make two equal that were told apart, the
 * lower one is the next number below, so that a run file is read in the order that was scored.
 */
function inFloat32(scores: Float64Array): Float32Array {
  const rounded = new Float32Array(scores.length)
  for (let i = 0; i < scores.length; i++) {
    const score = Math.fround(scores[i])
    if (i === 0 || score < rounded[i - 1]) rounded[i] = score
    else rounded[i] = scores[i] === scores[i - 1] ? rounded[i - 1] : nextBelow(rounded[i - 1])
  }
  return rounded
}

/** The greatest float32 below a finite one. */
function nextBelow(value: number): number {
  const [bits] = new Int32Array(Float32Array.of(value).buffer)
  const below = value > 0 ? bits - 1 : value < 0 ? bits + 1 : 0x80000001 | 0
  return new Float32Array(Int32Array.of(below).buffer)[0]
}

/** Without the documents at the end that score nothing: their order would say nothing. */
export function matching({ documents, scores }: Ranking): Ranking {
  let end = scores.length
  while (end > 0 && scores[end - 1] <= 0) end--
  return { documents: documents.subarray(0, end), scores: scores.subarray(0, end) }
}

/** scores = queries·documentsᵀ as a one-node graph: ONNX Runtime's matrix product on the thread count that we choose. */
function scoreGraph(dimensions: number): Uint8Array {
  return onnxModel({
    name: 'score',
    nodes: [{ op: 'Gemm', inputs: ['queries', 'documents'], outputs: ['scores'], attributes: { transB: 1 } }],
    inputs: [
      { name: 'queries', type: 'float', shape: ['n', dimensions] },
      { name: 'documents', type: 'float', shape: ['m', dimensions] },
    ],
    outputs: [{ name: 'scores', type: 'float', shape: ['n', 'm'] }],
  })
}
