import type { TrainRequest } from '../../../shared/schemas/run'
import { ALL, everyCollection } from '../every-collection'
import { requireTasks } from '../require-tasks'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { startJob } from '../start-job'
import { startRun } from './start-run'

/**
 * Makes a run of the frozen encoder on tasks, with the rows that need no training, and queues its evaluation.
 * @param measures beside the headline ones
 */
export async function startFrozen(
  context: ServiceContext,
  asked: TrainRequest,
  measures: readonly string[],
): Promise<{ job: string; runs: string[] }> {
  requireWriter(context)
  const tasks = await everyCollection(context, asked.tasks, asked.split ?? 'test')
  const datasets = await requireTasks(context, tasks)
  const isAll = asked.tasks[0] === ALL
  const where = asked.split === 'dev' ? ', dev queries' : ''
  const title = `Evaluate frozen on ${isAll ? `all ${tasks.length} collections` : tasks.join(', ')}${where}`
  const slug = `frozen-${isAll ? ALL : [...new Set(datasets.map(({ id, family }) => family ?? id))].join('-')}`
  const run = await startRun(context, {
    kind: 'frozen',
    title,
    slug,
    request: { ...asked, tasks },
    datasets,
  })
  const job = { kind: 'evaluate', title, runs: [run.id] } as const
  return startJob(context, job, 'evaluate', { run: run.id, measures: [...measures] })
}
