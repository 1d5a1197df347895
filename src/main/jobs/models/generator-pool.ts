import type { ResolvedGenerator } from '../../engine/encoders/transformers/generator-model'
import type { QueryGenerator, Writing } from '../../engine/encoders/transformers/query-generator'
import { writingFingerprint } from '../../engine/encoders/transformers/writing-fingerprint'
import { openItemPool } from './item-pool'

/** A document takes seconds with a model of usual size: a chunk is soon over, and well within the bound of one. */
const CHUNK_DOCUMENTS = 4

/** A generator spread over worker processes, which start with the first document that needs them and end with the pool. */
export function openGeneratorPool(options: {
  readonly model: ResolvedGenerator
  readonly writing: Writing
  /** Worker processes of one thread each. */
  readonly processes: number
  /** The built generator-worker.js. */
  readonly workerFile: string
}): QueryGenerator {
  const { model, writing, processes, workerFile } = options
  const pool = openItemPool<string, string[][]>({
    model: { model, writing },
    processes,
    workerFile,
    chunkItems: CHUNK_DOCUMENTS,
    lengthOf: (document) => document.length,
  })
  return {
    id: model.id,
    fingerprint: writingFingerprint(model, writing),
    async generate(documents, { onQueries, ...told } = {}) {
      const queries: string[][] = []
      const place = (rows: readonly number[], written: readonly string[][]) => {
        rows.forEach((row, i) => {
          queries[row] = written[i]
        })
        onQueries?.(rows, written)
      }
      await pool.work(documents, place, told)
      return queries
    },
    dispose: pool.dispose,
  }
}
