import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { auditExampleTextsSchema } from '../../../shared/schemas/audit'
import { textsById } from '../../engine/datasets/browsing/find-texts'
import { readAudit } from '../../workspace/audit-file'
import { beginning, datasetLines } from '../datasets/dataset-lines'
import { defineOperation } from '../operation'

/** The examples of an audited task with their texts, which the audit's file has not. */
export const auditExamples = defineOperation({
  name: 'audit-examples',
  input: z.strictObject({ audit: z.string(), task: z.string() }),
  output: z.array(auditExampleTextsSchema),
  session: true,
  async run({ audit: id, task }, context) {
    const { workspace, signal } = context
    const audit = await readAudit(workspace, id)
    const audited = audit.tasks.find((one) => one.task === task)
    if (!audited) throw notAudited(task, id, audit.tasks)
    const examples = audited.examples ?? []
    const dataset = await datasetLines(task.split('/')[0], context)
    const queryIds = new Set(examples.map(({ query }) => query))
    const documentIds = new Set(
      examples.flatMap(({ rankings }) =>
        rankings.flatMap(({ documents }) => documents.map((document) => document.id)),
      ),
    )
    const queries = await textsById(await dataset.lines('queries'), queryIds, signal)
    const documents = await textsById(await dataset.lines('documents'), documentIds, signal)
    const textOf = (of: typeof documents, one: string) => {
      const found = of.get(one)
      return found ? beginning(found.title ? `${found.title} ${found.text}` : found.text) : null
    }
    return examples.map(({ query, rankings }) => ({
      query,
      text: textOf(queries, query),
      rankings: rankings.map((ranking) => ({
        ...ranking,
        documents: ranking.documents.map((one) => ({ ...one, text: textOf(documents, one.id) })),
      })),
    }))
  },
})

declare module '../operation' {
  interface Operations {
    'audit-examples': typeof auditExamples
  }
}

function notAudited(task: string, audit: string, tasks: readonly { readonly task: string }[]): HydraError {
  return new HydraError('TASK_UNKNOWN', {
    expected: `one of the ${tasks.length} tasks of ${audit}`,
    got: JSON.stringify(task),
    remedy: `It has ${tasks
      .slice(0, 3)
      .map((one) => one.task)
      .join(', ')}.`,
  })
}
