import type { ResolvedModel } from '../../engine/encoders/model-folder'
import type { PairScorer, TextPair } from '../../engine/teachers/pair-scorer'
import { pairFingerprint } from '../../engine/teachers/transformer-pair-scorer'
import { openRowPool } from './row-pool'

export interface CrossEncoderPoolOptions {
  readonly model: ResolvedModel
  /** Longest input of query and document together. */
  readonly maxTokens: number
  /** Worker processes of one thread each. */
  readonly processes: number
  /** The built cross-encoder-worker.js. */
  readonly workerFile: string
}

/** A cross-encoder spread over worker processes, which start with the first pair that needs them and end with the pool. */
export function openCrossEncoderPool(options: CrossEncoderPoolOptions): PairScorer {
  const { model, maxTokens, processes, workerFile } = options
  const pool = openRowPool<TextPair>({
    model: { model, maxTokens },
    columns: 1,
    processes,
    workerFile,
    lengthOf: ([query, document]) => query.length + document.length,
  })
  return {
    id: model.id,
    fingerprint: pairFingerprint(model, maxTokens),
    score: async (pairs, work) => (await pool.work(pairs, work)).data,
    dispose: pool.dispose,
  }
}
