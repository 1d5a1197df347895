import { z } from 'zod'
import { forgetIndex } from '../../workspace/index-files'
import { defineOperation } from '../operation'
import { openIndex, reachedIndex } from './open-index'

/** Deletes an index in its engine first: while the engine does not answer, its record stays to find it by. */
export const dropIndex = defineOperation({
  name: 'drop-index',
  input: z.strictObject({ index: reachedIndex }),
  output: z.strictObject({ name: z.string(), engine: z.string() }),
  session: true,
  async run({ index }, context) {
    const { workspace } = context
    const { name, engine } = index
    const store = await openIndex(workspace, index)
    try {
      await store.drop()
    } finally {
      await store.close()
    }
    await forgetIndex(workspace, engine, name)
    return { name, engine }
  },
})

declare module '../operation' {
  interface Operations {
    'drop-index': typeof dropIndex
  }
}
