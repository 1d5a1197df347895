import { z } from 'zod'
import { playgroundTaskSchema } from '../../../shared/schemas/playground'
import { readRun } from '../../workspace/runs/run-folder'
import { defineOperation, runInput } from '../operation'
import { chosenCard } from './card-choice'
import { judgedQueries, taskNamed } from './judged-query'

/** A task as the engine reads it: its card with the examples drawn from train, and judged queries to try. */
export const playgroundTask = defineOperation({
  name: 'playground-task',
  input: runInput.extend({
    dataset: z.string(),
    task: z.string(),
    /** Queries at most. */
    most: z.number().int(),
  }),
  output: playgroundTaskSchema,
  session: true,
  async run({ dataset, task: id, run, most }, context) {
    const seed = run === 'frozen' ? 1 : (await readRun(context.workspace, run)).request.seed
    const collection = await context.warm.collection(dataset, seed, context)
    const { wordings: _, ...card } = chosenCard({ task: id }, collection)
    const task = taskNamed(collection, id)
    return { card, queries: task ? judgedQueries(task, most) : [] }
  },
})

declare module '../operation' {
  interface Operations {
    'playground-task': typeof playgroundTask
  }
}
