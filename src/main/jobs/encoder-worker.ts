import { toHydraError } from '../../shared/errors'
import type { Encoder } from '../engine/encoders/encoder'
import { openTransformerEncoder } from '../engine/encoders/transformer-encoder'
import type { FromEncoderWorker, ToEncoderWorker } from './encoder-messages'

/**
 * Entry of a worker process: one encoder on one thread, answering chunks in turn until its parent goes away. A model that
 * does not open fails every chunk with the reason.
 */
let encoder: Promise<Encoder> | undefined
let queue: Promise<void> = Promise.resolve()

function send(message: FromEncoderWorker): void {
  // Without a channel the parent is gone, and `disconnect` ends this process.
  if (process.connected) process.send?.(message)
}

process.on('message', (message: ToEncoderWorker) => {
  if (message.type === 'open') {
    encoder = openTransformerEncoder(message.model)
    // Reported with the first chunk; without this a failure before it would end the process.
    encoder.catch(() => undefined)
    return
  }
  const { chunk, texts } = message
  queue = queue.then(async () => {
    try {
      if (!encoder) throw new Error('a chunk came before the model')
      const vectors = await (await encoder).encode(texts)
      send({ type: 'vectors', chunk, data: vectors.data })
    } catch (error) {
      send({ type: 'failed', chunk, error: toHydraError(error).toJSON() })
    }
  })
})

process.on('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole process group; the parent decides what stops.
process.on('SIGINT', () => undefined)
