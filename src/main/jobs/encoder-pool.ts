import type { Encoder } from '../engine/encoders/encoder'
import type { ResolvedModel } from '../engine/encoders/model-folder'
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

/** An encoder spread over worker processes, which start with the first text that needs them and end with the pool. */
export async function openEncoderPool(options: EncoderPoolOptions): Promise<Encoder> {
  const { id, sha256, fingerprint, dimensions } = options.model
  const pool = openRowPool<string>({ ...options, columns: dimensions, lengthOf: (text) => text.length })
  return { id, sha256, fingerprint, dimensions, encode: pool.work, dispose: pool.dispose }
}
