import { z } from 'zod'
import { lintCardSchema } from '../../../shared/schemas/authoring'
import { findingSchema } from '../../../shared/schemas/dataset'
import { readDatasetRecord } from '../../engine/datasets/dataset-record'
import { lintCard } from '../../engine/protocol/lint-card'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation } from '../operation'
import { requireTask } from '../playground/card-choice'

/** What of a card would make a score on a task wrong or doubtful. Test queries that no run has encoded yet are, once. */
export const lintCardOperation = defineOperation({
  name: 'lint-card',
  input: lintCardSchema,
  output: z.array(findingSchema),
  session: true,
  async run({ card, task: id, encoder: encoderId }, context) {
    const [dataset] = id.split('/', 1)
    const collection = await context.warm.collection(dataset, 1, context)
    const task = requireTask(collection, id)
    const encoder = await context.warm.encoder(encoderId, context)
    return lintCard(card, task, {
      record: await readDatasetRecord(workspacePaths(context.workspace).dataset(dataset)),
      encode: (texts) => encoder.encode(texts, { signal: context.signal }),
    })
  },
})

declare module '../operation' {
  interface Operations {
    'lint-card': typeof lintCardOperation
  }
}
