import { z } from 'zod'
import { toHydraError } from '../../../shared/errors'
import { indexStatusSchema } from '../../../shared/schemas/indexes'
import { readDatasetRecord } from '../../engine/datasets/dataset-record'
import { readIndexRecord } from '../../workspace/index-files'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation, type OperationContext } from '../operation'
import { openIndex, reachedIndex } from './open-index'

/** What lies in indexes; one whose engine does not answer says why, beside the others. */
export const indexStatus = defineOperation({
  name: 'index-status',
  input: z.strictObject({ indexes: z.array(reachedIndex) }),
  output: z.array(indexStatusSchema),
  session: true,
  run: ({ indexes }, context) => Promise.all(indexes.map((index) => statusOf(index, context))),
})

declare module '../operation' {
  interface Operations {
    'index-status': typeof indexStatus
  }
}

async function statusOf(index: z.infer<typeof reachedIndex>, { workspace }: OperationContext) {
  const pushed = (await readIndexRecord(workspace, index.engine, index.name))?.pushed ?? null
  const silent = { ...index, manifest: null, pushed, rows: null, current: null }
  try {
    const store = await openIndex(workspace, index)
    try {
      const manifest = await store.manifest()
      let rows = 0
      for await (const keys of store.keys()) rows += keys.length
      const dataset = manifest && workspacePaths(workspace).dataset(manifest.collection.id)
      const record = dataset && (await readDatasetRecord(dataset).catch(() => null))
      const current = record ? record.sha256 === manifest.collection.sha256 : null
      return { ...silent, manifest, rows, current, problem: null }
    } finally {
      await store.close()
    }
  } catch (error) {
    const { code, detail } = toHydraError(error)
    return { ...silent, problem: `${code}: expected ${detail.expected}; got ${detail.got}. ${detail.remedy}` }
  }
}
