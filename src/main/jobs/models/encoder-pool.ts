import type { Encoder } from '../../engine/encoders/encoder'
import type { ResolvedModel } from '../../engine/encoders/model-folder'
import { openRowPool } from './row-pool'

export interface EncoderPoolOptions {
  readonly model: ResolvedModel
  /** Worker processes of one thread each. */
  readonly processes: number
  /** The built encoder-worker.js. */
  readonly workerFile: string
  /** Disposes of the pool. */
  readonly signal?: AbortSignal
}

/**
 * An encoder spread over worker processes, which start with the first text that needs them and end with the pool. It takes
 * texts as they are; prefixes come before it.
 */
export async function openEncoderPool(options: EncoderPoolOptions): Promise<Encoder> {
  const { id, sha256, fingerprint, dimensions } = options.model
  const pool = openRowPool<string>({ ...options, columns: dimensions, lengthOf: (text) => text.length })
  const encode: Encoder['encode'] = (texts, { signal, onProgress, onRows } = {}) =>
    pool.work(texts, { signal, onProgress, onRows })
  return { id, sha256, fingerprint, dimensions, encode, dispose: pool.dispose }
}
