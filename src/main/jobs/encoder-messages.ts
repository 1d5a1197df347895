import type { SerializedError } from '../../shared/errors'
import type { ResolvedModel } from '../engine/encoders/model-folder'

/** What the pool and its worker processes say to each other, over child_process with serialization `advanced`. */
export type ToEncoderWorker =
  /** First, once. */
  | { readonly type: 'open'; readonly model: ResolvedModel }
  /** Answered in the order in which they come. */
  | { readonly type: 'encode'; readonly chunk: number; readonly texts: readonly string[] }

export type FromEncoderWorker =
  /** [texts, dimensions], row-major, in the order of the chunk's texts. */
  | { readonly type: 'vectors'; readonly chunk: number; readonly data: Float32Array }
  | { readonly type: 'failed'; readonly chunk: number; readonly error: SerializedError }
