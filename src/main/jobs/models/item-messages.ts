import type { SerializedError } from '../../../shared/errors'

/** What a pool and its worker processes say to each other, over child_process with serialization `advanced`. */
export type ToItemWorker =
  /** First, once. */
  | { readonly type: 'open'; readonly model: unknown }
  /** Answered in the order in which they come. */
  | { readonly type: 'work'; readonly chunk: number; readonly items: readonly unknown[] }

export type FromItemWorker =
  /** What the model made of the chunk's items, in their order. */
  | { readonly type: 'done'; readonly chunk: number; readonly answer: unknown }
  | { readonly type: 'failed'; readonly chunk: number; readonly error: SerializedError }
