import { z } from 'zod'
import { generateRequestSchema } from '../../../shared/schemas/generated-queries'
import { writeGeneratedQueries } from '../../workspace/generated-file'
import { workspacePaths } from '../../workspace/paths'
import { openCollection } from '../datasets/load-run-tasks'
import { defineOperation } from '../operation'
import { writeQueries } from './write-queries'

/** Writes queries of a dataset to be looked at, before anything is trained on such. */
export const generateQueries = defineOperation({
  name: 'generate-queries',
  input: generateRequestSchema,
  output: z.strictObject({ dataset: z.string() }),
  session: false,
  async run(request, context) {
    const { dataset, seed } = request
    const collection = await openCollection(dataset, seed, context)
    const generated = await writeQueries(collection, request, context)
    await writeGeneratedQueries(workspacePaths(context.workspace).generatedQueries(dataset), generated)
    return { dataset }
  },
})

declare module '../operation' {
  interface Operations {
    'generate-queries': typeof generateQueries
  }
}
