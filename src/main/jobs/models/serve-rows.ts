import { toHydraError } from '../../../shared/errors'
import type { FromRowWorker, ToRowWorker } from './row-messages'

/** One row of numbers for each item, flat. */
export type RowModel<Item> = (items: readonly Item[]) => Promise<Float32Array>

/**
 * The body of a worker process: one model on one thread, answering chunks in turn until its parent goes away. A model that
 * does not open fails every chunk with the reason.
 */
export function serveRows<Item, Model>(open: (model: Model) => Promise<RowModel<Item>>): void {
  let opened: Promise<RowModel<Item>> | undefined
  let queue: Promise<void> = Promise.resolve()

  function send(message: FromRowWorker): void {
    // Without a channel the parent is gone, and `disconnect` ends this process.
    if (process.connected) process.send?.(message)
  }

  process.on('message', (message: ToRowWorker) => {
    if (message.type === 'open') {
      opened = open(message.model as Model)
      // Reported with the first chunk; without this a failure before it would end the process.
      opened.catch(() => undefined)
      return
    }
    const { chunk, items } = message
    queue = queue.then(async () => {
      try {
        if (!opened) throw new Error('a chunk came before the model')
        send({ type: 'rows', chunk, data: await (await opened)(items as readonly Item[]) })
      } catch (error) {
        send({ type: 'failed', chunk, error: toHydraError(error).toJSON() })
      }
    })
  })

  process.on('disconnect', () => process.exit(0))
  // Ctrl-C reaches the whole process group; the parent decides what stops.
  process.on('SIGINT', () => undefined)
}
