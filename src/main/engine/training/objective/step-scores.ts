import * as tf from '@tensorflow/tfjs'
import { createMatrix, gatherRows, isInMemory, type Matrix, type Vectors } from '../../numeric/matrix'
import type { DeviceCorpus } from '../device/device-corpus'
import type { StepScores } from '../losses/loss'

/** Documents through the heads of the step's tasks, where a head conditions the document side too. */
export interface DocumentSide {
  /** T, as many queries each, task by task */
  readonly tasks: number
  /** @param documents [T·M, d] frozen, task by task  @returns [T·M, d'], each through its task's head */
  transform(documents: tf.Tensor2D): tf.Tensor2D
}

/**
 * Scores of conditioned queries, differentiable in the queries and, through the heads, in conditioned documents.
 * @param y [n, d'] conditioned queries  @param corpus [documents, d]  @param side null: documents stay frozen
 */
export function stepScores(y: tf.Tensor2D, corpus: Vectors, side: DocumentSide | null): StepScores {
  if (!side) return frozenScores(y, corpus)
  const upload = (documents: Int32Array) => {
    const { data, rows, columns } = gatherRows(corpus, documents)
    return tf.tensor2d(data, [rows, columns])
  }
  return conditionedScores(y, side, upload, hostProducts)
}

/** The same where tensors lie on a device: nothing of a step is read back. */
export function deviceScores(y: tf.Tensor2D, corpus: DeviceCorpus, side: DocumentSide | null): StepScores {
  if (side) return conditionedScores(y, side, corpus.rows, deviceProducts)
  return {
    queries: y,
    matrix: (documents) => tf.matMul(y, corpus.rows(documents), false, true),
    pairs(queries, documents) {
      const own = corpus.rows(documents.map((document) => Math.max(0, document)))
      return deviceProducts(
        y,
        own,
        queries,
        documents.map((document, p) => (document < 0 ? -1 : p)),
      )
    },
  }
}

/** [p] ⟨x[xRows_p], y[yRows_p]⟩, differentiable in both; a row of −1 gives 0. */
type PairProducts = (x: tf.Tensor2D, y: tf.Tensor2D, xRows: Int32Array, yRows: Int32Array) => tf.Tensor1D

/** Rows are picked by TensorFlow.js's own gather, whose gradient adds up what one row was picked for. */
const deviceProducts: PairProducts = (x, y, xRows, yRows) => {
  const pick = (from: tf.Tensor2D, rows: Int32Array) =>
    tf.gather(
      from,
      tf.tensor1d(
        rows.map((row) => Math.max(0, row)),
        'int32',
      ),
    )
  const there = Float32Array.from(yRows, (row, p) => (row < 0 || xRows[p] < 0 ? 0 : 1))
  const products = tf.sum(tf.mul(pick(x, xRows), pick(y, yRows)), 1) as tf.Tensor1D
  return there.includes(0) ? tf.mul(products, tf.tensor1d(there)) : products
}

function frozenScores(y: tf.Tensor2D, corpus: Vectors): StepScores {
  return {
    queries: y,
    matrix(documents) {
      const rows = gatherRows(corpus, documents)
      return tf.matMul(y, tf.tensor2d(rows.data, [rows.rows, rows.columns]), false, true)
    },
    pairs(queries, documents) {
      const { held, places } = heldRows(corpus, documents)
      const score = tf.customGrad((x, save) => {
        const input = x as tf.Tensor2D
        ;(save as tf.GradSaveFunc)([])
        const vectors = createMatrix(input.shape[0], input.shape[1], input.dataSync() as Float32Array)
        return {
          value: tf.tensor1d(pairProducts(vectors, held, queries, places)),
          gradFunc: (dy) => gradientOf(dy.dataSync() as Float32Array, vectors, queries, held, places),
        }
      })
      return score(y) as tf.Tensor1D
    },
  }
}

/** Documents of pairs where they can be read: in their corpus, or copied from the disk, a row a pair. */
function heldRows(
  corpus: Vectors,
  documents: Int32Array,
): { readonly held: Matrix; readonly places: Int32Array } {
  if (isInMemory(corpus)) return { held: corpus, places: documents }
  return {
    held: gatherRows(
      corpus,
      documents.map((document) => Math.max(0, document)),
    ),
    places: documents.map((document, p) => (document < 0 ? -1 : p)),
  }
}

function conditionedScores(
  y: tf.Tensor2D,
  side: DocumentSide,
  vectors: (documents: Int32Array) => tf.Tensor2D,
  products: PairProducts,
): StepScores {
  const perTask = y.shape[0] / side.tasks
  const tasks = Array.from({ length: side.tasks }, (_, task) => task)
  const through = (rows: readonly Int32Array[]) =>
    side.transform(vectors(Int32Array.from(rows.flatMap((own) => Array.from(own)))))
  return {
    queries: y,
    matrix(documents) {
      const all = through(tasks.map(() => documents))
      const m = documents.length
      const blocks = tasks.map((task) =>
        tf.matMul<tf.Tensor2D>(
          tf.slice(y, [task * perTask, 0], [perTask, -1]),
          tf.slice(all, [task * m, 0], [m, -1]),
          false,
          true,
        ),
      )
      return tf.concat(blocks, 0)
    },
    pairs(queries, documents) {
      const own = tasks.map(() => new Map<number, number>())
      const taskOf = (p: number) => Math.floor(queries[p] / perTask)
      documents.forEach((document, p) => {
        const rows = own[taskOf(p)]
        if (document >= 0 && !rows.has(document)) rows.set(document, rows.size)
      })
      // Every task's documents once, filled up to as many as the task with the most: M.
      const most = Math.max(1, ...own.map(({ size }) => size))
      const transformed = through(
        own.map((rows) => {
          const filled = new Int32Array(most)
          filled.set([...rows.keys()])
          return filled
        }),
      )
      const place = documents.map((document, p) =>
        document < 0 ? -1 : taskOf(p) * most + own[taskOf(p)].get(document)!,
      )
      return products(y, transformed, queries, place)
    },
  }
}

/** Picked and summed in plain JavaScript, the ways back too: the quickest where tensors can be read at once. */
const hostProducts: PairProducts = (x, y, xRows, yRows) => {
  const score = tf.customGrad((a, b, save) => {
    const [left, right] = [a as tf.Tensor2D, b as tf.Tensor2D]
    ;(save as tf.GradSaveFunc)([])
    const vectors = createMatrix(left.shape[0], left.shape[1], left.dataSync() as Float32Array)
    const others = createMatrix(right.shape[0], right.shape[1], right.dataSync() as Float32Array)
    return {
      value: tf.tensor1d(pairProducts(vectors, others, xRows, yRows)),
      gradFunc: (dy) => {
        const slope = dy.dataSync() as Float32Array
        return [
          gradientOf(slope, vectors, xRows, others, yRows),
          gradientOf(slope, others, yRows, vectors, xRows),
        ]
      },
    }
  })
  return score(x, y) as tf.Tensor1D
}

function pairProducts(x: Matrix, y: Matrix, xRows: Int32Array, yRows: Int32Array): Float32Array {
  const d = x.columns
  return Float32Array.from(xRows, (xRow, p) => {
    if (yRows[p] < 0) return 0
    const [a, b] = [xRow * d, yRows[p] * d]
    let sum = 0
    for (let i = 0; i < d; i++) sum += x.data[a + i] * y.data[b + i]
    return sum
  })
}

/** Gradient of Σ_p slope_p·⟨x[xRows_p], y[yRows_p]⟩ with respect to x. */
function gradientOf(
  slope: Float32Array,
  x: Matrix,
  xRows: Int32Array,
  y: Matrix,
  yRows: Int32Array,
): tf.Tensor2D {
  const d = x.columns
  const out = new Float32Array(x.data.length)
  for (let p = 0; p < slope.length; p++) {
    if (xRows[p] < 0 || yRows[p] < 0 || slope[p] === 0) continue
    const [to, from, g] = [xRows[p] * d, yRows[p] * d, slope[p]]
    for (let i = 0; i < d; i++) out[to + i] += g * y.data[from + i]
  }
  return tf.tensor2d(out, [x.rows, x.columns])
}
