import type { MessagePort } from 'node:worker_threads'
import type { ListwiseBatch } from './listwise-loss'

export interface ListwiseThreadData {
  /** The word of handshake.ts. */
  readonly control: SharedArrayBuffer
  /** [most rows, d] */
  readonly queries: SharedArrayBuffer
  /** [most rows, d] */
  readonly gradient: SharedArrayBuffer
  /** one float64 */
  readonly loss: SharedArrayBuffer
  /** [most rows] float64 */
  readonly rowLosses: SharedArrayBuffer
  /** [documents, d] per corpus; null: each order brings its candidates' vectors */
  readonly corpora: readonly (SharedArrayBuffer | null)[]
  /** Says why, before the turn is answered with `failed`. */
  readonly failures: MessagePort
  readonly dimensions: number
  readonly temperature: number
}

/** A step's work, corpus by corpus, sent before its query vectors are known so that the candidates are gathered meanwhile. */
export type ListwiseOrder = readonly (ListwiseBatch & {
  readonly corpus: number
  readonly candidates: Int32Array
  /** [candidates, d] their vectors, in shared memory; null where the thread reads them in its corpus. */
  readonly gathered: Float32Array | null
  /** Rows of the query vectors that are this corpus's, after those of the corpora before. */
  readonly queries: number
})[]
