import type { SerializedError } from '../../../shared/errors'
import type { JobEvent } from '../../../shared/schemas/job'
import type { OperationName } from '../../pipeline/operation'

/** What a worker process is told. One process may serve several requests; `id` tells them apart. */
export type ToWorker =
  | {
      readonly type: 'start'
      readonly id: number
      readonly name: OperationName
      readonly input: unknown
      readonly workspace: string
      readonly appRoot: string
      /** Whoever asked agreed that texts are sent to a service that encodes. */
      readonly agreed: boolean
    }
  | { readonly type: 'cancel'; readonly id: number }
  /** Stop so that it can be resumed; who cannot, goes on. */
  | { readonly type: 'pause'; readonly id: number }

/** Milliseconds between two signs of life. */
export const ALIVE_PERIOD_MS = 5000

export type FromWorker =
  | { readonly type: 'event'; readonly id: number; readonly event: JobEvent }
  /** `memoryBytes`: what the process has of the machine's memory by then. */
  | { readonly type: 'done'; readonly id: number; readonly output: unknown; readonly memoryBytes: number }
  | { readonly type: 'failed'; readonly id: number; readonly error: SerializedError }
  /** Every few seconds, whatever the requests do: the process's event loop turns. */
  | { readonly type: 'alive' }
