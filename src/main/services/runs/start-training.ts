import type { TrainRequest } from '../../../shared/schemas/run'
import { checkTraining } from '../check-training'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { startJob } from '../start-job'
import { startRun } from './start-run'

/**
 * Makes a run of a request and queues its training.
 * @param sweep of which it is one point: its settings in words, and the sweep’s id, with whose jobs it may run at once
 */
export async function startTraining(
  context: ServiceContext,
  request: TrainRequest,
  sweep?: { readonly id: string; readonly settings: string },
): Promise<{ job: string; runs: string[] }> {
  requireWriter(context)
  const datasets = await checkTraining(context, request)
  const title = [
    `Train on ${describeTasks(request.tasks)}`,
    ...(sweep?.settings ? [sweep.settings] : []),
  ].join(', ')
  const slug = [...new Set(datasets.map(({ id, family }) => family ?? id))].join('-')
  const run = await startRun(context, { kind: 'train', title, slug, request, datasets })
  const job = { kind: 'train', title, runs: [run.id], together: sweep?.id } as const
  return startJob(context, job, 'train', { run: run.id })
}

function describeTasks(tasks: readonly string[]): string {
  const [first, ...rest] = tasks
  return rest.length === 0 ? first : `${first} and ${rest.length} more`
}
