import type { MessagePort } from 'node:worker_threads'
import type { ListwiseBatch } from './listwise-loss'

/** Index of the state word, and its values: the training thread sets IDLE and READY, the other DONE and FAILED. */
export const STATE = 0
export const IDLE = 0
export const READY = 1
export const DONE = 2
export const FAILED = 3

export interface ListwiseThreadData {
  readonly control: SharedArrayBuffer
  /** [most rows, d] */
  readonly queries: SharedArrayBuffer
  /** [most rows, d] */
  readonly gradient: SharedArrayBuffer
  /** one float64 */
  readonly loss: SharedArrayBuffer
  /** [most rows] float64 */
  readonly rowLosses: SharedArrayBuffer
  /** [documents, d] per corpus */
  readonly corpora: readonly SharedArrayBuffer[]
  /** Says why, before the state becomes FAILED. */
  readonly failures: MessagePort
  readonly dimensions: number
  readonly temperature: number
}

/** A step's work, sent before its query vectors are known so that the candidates are gathered meanwhile. */
export interface ListwiseOrder extends ListwiseBatch {
  readonly corpus: number
  readonly candidates: Int32Array
  readonly rows: number
}
