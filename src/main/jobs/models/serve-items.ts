import { toHydraError } from '../../../shared/errors'
import type { FromItemWorker, ToItemWorker } from './item-messages'

/** What it makes of some items, for all of them together. */
type ItemModel<Item, Answer> = (items: readonly Item[]) => Promise<Answer>

/**
 * The body of a worker process: one model on one thread, answering chunks in turn until its parent goes away. A model that
 * does not open fails every chunk with the reason.
 */
export function serveItems<Item, Model, Answer>(
  open: (model: Model) => Promise<ItemModel<Item, Answer>>,
): void {
  let opened: Promise<ItemModel<Item, Answer>> | undefined
  let queue: Promise<void> = Promise.resolve()

  function send(message: FromItemWorker): void {
    // Without a channel the parent is gone, and `disconnect` ends this process.
    if (process.connected) process.send?.(message)
  }

  process.on('message', (message: ToItemWorker) => {
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
        send({ type: 'done', chunk, answer: await (await opened)(items as readonly Item[]) })
      } catch (error) {
        send({ type: 'failed', chunk, error: toHydraError(error).toJSON() })
      }
    })
  })

  process.on('disconnect', () => process.exit(0))
  // Ctrl-C reaches the whole process group; the parent decides what stops.
  process.on('SIGINT', () => undefined)
}
