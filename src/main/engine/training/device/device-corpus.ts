import * as tf from '@tensorflow/tfjs'
import { gatherRows, inMemory, type Matrix, type Vectors } from '../../numeric/matrix'

/** A corpus as a device reads it. */
export interface DeviceCorpus {
  /** [m, d] vectors of these documents */
  rows(documents: Int32Array): tf.Tensor2D
  dispose(): void
}

/**
 * Lies on the device where that takes a tensor so large; else the vectors that a step asks for are sent to it.
 * @param corpus [documents, d]  @param mostBytes of a tensor
 */
export function deviceCorpus(corpus: Vectors, mostBytes: number): DeviceCorpus {
  const upload = ({ data, rows, columns }: Matrix) => tf.tensor2d(data, [rows, columns])
  if (corpus.rows * corpus.columns * Float32Array.BYTES_PER_ELEMENT > mostBytes) {
    return { rows: (documents) => upload(gatherRows(corpus, documents)), dispose() {} }
  }
  const whole = tf.keep(upload(inMemory(corpus)))
  return {
    rows: (documents) =>
      isWhole(documents, corpus.rows) ? whole.clone() : tf.gather(whole, tf.tensor1d(documents, 'int32')),
    dispose: () => whole.dispose(),
  }
}

/** All documents in their order: what a small corpus is asked for at every step. */
function isWhole(documents: Int32Array, count: number): boolean {
  return documents.length === count && documents.every((document, place) => document === place)
}
