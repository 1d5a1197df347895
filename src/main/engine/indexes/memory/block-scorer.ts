import * as ort from 'onnxruntime-node'
import { onnxModel } from '../../formats/onnx-model'
import type { Matrix } from '../../numeric/matrix'

/** The best of a block: [n, k] each, best first; of equal scores the first rows. */
interface BlockBest {
  readonly scores: Float32Array
  /** Row within the block of a query's i-th. */
  place(query: number, i: number): number
  readonly k: number
}

/** Scores a block of documents and picks the best, in one graph of ONNX Runtime. */
export interface BlockScorer {
  /** @param mask [rows] added to every score: 0, or −∞ for a document that may not be found */
  best(queries: Matrix, block: Matrix, mask: Float32Array, k: number): Promise<BlockBest>
  /** All scores of one query, [rows]. @param query [1, d] */
  scores(query: Matrix, block: Matrix, mask: Float32Array): Promise<Float32Array>
  dispose(): Promise<void>
}

export async function createBlockScorer(dimensions: number, threads: number): Promise<BlockScorer> {
  const options: ort.InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    // Blocks come in few sizes, but a pool that remembers each would hold a copy of the scores of all of them.
    enableCpuMemArena: false,
  }
  const best = await ort.InferenceSession.create(bestGraph(dimensions), options)
  const whole = await ort.InferenceSession.create(scoreGraph(dimensions), options)
  const feeds = (queries: Matrix, block: Matrix, mask: Float32Array) => ({
    queries: new ort.Tensor('float32', queries.data, [queries.rows, queries.columns]),
    documents: new ort.Tensor('float32', block.data, [block.rows, block.columns]),
    mask: new ort.Tensor('float32', mask, [block.rows]),
  })
  return {
    async best(queries, block, mask, asked) {
      const k = Math.min(asked, block.rows)
      const { scores, rows } = await best.run({
        ...feeds(queries, block, mask),
        k: new ort.Tensor('int64', BigInt64Array.of(BigInt(k)), [1]),
      })
      const { buffer, byteOffset, length } = rows.data as BigInt64Array
      // The low halves: a block has fewer rows than 2³¹, and numbers are read quicker than big integers.
      const low = new Int32Array(buffer, byteOffset, length * 2)
      return {
        k,
        scores: scores.data as Float32Array,
        place: (query, i) => low[2 * (query * k + i)],
      }
    },
    async scores(query, block, mask) {
      const { scores } = await whole.run(feeds(query, block, mask))
      return scores.data as Float32Array
    },
    async dispose() {
      await best.release()
      await whole.release()
    },
  }
}

const inputs = (dimensions: number) =>
  [
    { name: 'queries', type: 'float', shape: ['n', dimensions] },
    { name: 'documents', type: 'float', shape: ['m', dimensions] },
    { name: 'mask', type: 'float', shape: ['m'] },
  ] as const

const product = (output: string) => ({
  op: 'Gemm',
  inputs: ['queries', 'documents', 'mask'],
  outputs: [output],
  attributes: { transB: 1 },
})

function scoreGraph(dimensions: number): Uint8Array {
  return onnxModel({
    name: 'scores-of-block',
    nodes: [product('scores')],
    inputs: inputs(dimensions),
    outputs: [{ name: 'scores', type: 'float', shape: ['n', 'm'] }],
  })
}

function bestGraph(dimensions: number): Uint8Array {
  return onnxModel({
    name: 'best-of-block',
    nodes: [product('all'), { op: 'TopK', inputs: ['all', 'k'], outputs: ['scores', 'rows'] }],
    inputs: [...inputs(dimensions), { name: 'k', type: 'int64', shape: [1] }],
    outputs: [
      { name: 'scores', type: 'float', shape: ['n', 'best'] },
      { name: 'rows', type: 'int64', shape: ['n', 'best'] },
    ],
  })
}
