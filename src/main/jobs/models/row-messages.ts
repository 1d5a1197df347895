import type { SerializedError } from '../../../shared/errors'

/** What a pool and its worker processes say to each other, over child_process with serialization `advanced`. */
export type ToRowWorker =
  /** First, once. */
  | { readonly type: 'open'; readonly model: unknown }
  /** Answered in the order in which they come. */
  | { readonly type: 'work'; readonly chunk: number; readonly items: readonly unknown[] }

export type FromRowWorker =
  /** [items, columns], row-major, in the order of the chunk's items. */
  | { readonly type: 'rows'; readonly chunk: number; readonly data: Float32Array }
  | { readonly type: 'failed'; readonly chunk: number; readonly error: SerializedError }
