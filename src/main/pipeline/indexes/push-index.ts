import { z } from 'zod'
import { pushCountsSchema } from '../../../shared/schemas/indexes'
import { readDatasetRecord } from '../../engine/datasets/dataset-record'
import { streamDocuments } from '../../engine/datasets/stream-documents'
import { pushDocuments } from '../../engine/indexes/push-documents'
import { writeIndexRecord } from '../../workspace/index-files'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation } from '../operation'
import { progressMeter } from '../progress-meter'
import { openIndex, reachedIndex } from './open-index'

/** Makes an index hold the documents of a collection; what it holds already is neither encoded nor sent. */
export const pushIndex = defineOperation({
  name: 'push-index',
  input: z.strictObject({ index: reachedIndex, collection: z.string(), encoder: z.string() }),
  output: pushCountsSchema,
  session: false,
  async run({ index, collection, encoder: encoderId }, context) {
    const { workspace, signal, emit, now } = context
    const folder = workspacePaths(workspace).dataset(collection)
    const { sha256, documents } = await readDatasetRecord(folder)
    const encoder = await context.openEncoder(encoderId)
    try {
      const store = await openIndex(workspace, index)
      try {
        // From here on there may be something in the engine, which the record finds again.
        await writeIndexRecord(workspace, { version: 1, ...index, pushed: null })
        const meter = progressMeter({
          phase: `push ${documents.toLocaleString('en')} documents of ${collection}`,
          unit: 'documents',
          emit,
          now,
        })
        const { id, sha256: weights, fingerprint, dimensions } = encoder
        const { counts } = await pushDocuments({
          store,
          of: {
            collection: { id: collection, sha256 },
            encoder: { id, sha256: weights, fingerprint },
            dimensions,
          },
          documents: streamDocuments(folder, signal),
          encode: (texts) => encoder.encode(texts, { role: 'document', lasting: true, signal }),
          now,
          onProgress: (done) => meter(done, documents),
          signal,
        })
        await writeIndexRecord(workspace, { version: 1, ...index, pushed: counts })
        return counts
      } finally {
        await store.close()
      }
    } finally {
      await encoder.dispose()
    }
  },
})

declare module '../operation' {
  interface Operations {
    'push-index': typeof pushIndex
  }
}
