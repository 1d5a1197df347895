import { existsSync } from 'node:fs'
import { HydraError } from '../../../shared/errors'
import type { DatasetRecord } from '../../../shared/schemas/dataset'
import type { JobRecord } from '../../../shared/schemas/job'
import { deleteDataset, restoreDataset } from '../../workspace/deleted-datasets'
import { isSafeId, workspacePaths } from '../../workspace/paths'
import { listRuns } from '../../workspace/runs/run-folder'
import { requireDataset } from '../require-dataset'
import type { ServiceContext } from '../service-context'

/** Work that may read any dataset; a run says itself which it reads. */
const READING: readonly JobRecord['kind'][] = ['audit', 'lint', 'import', 'generate']

/** Runs that were made with a dataset: they stay, but can be neither resumed, searched nor scored again without it. */
export async function runsOn(workspace: string, dataset: string): Promise<string[]> {
  return (await usersOf(workspace, dataset)).map(({ id }) => id)
}

export async function removeDataset(
  context: ServiceContext,
  id: string,
): Promise<{ dataset: DatasetRecord; runs: string[] }> {
  const { workspace, queue } = context
  const dataset = await requireDataset(workspace, id)
  const users = await usersOf(workspace, id)
  const running = users.find(({ state }) => state === 'running')
  const reading = queue
    .list()
    .find(({ kind, state }) => READING.includes(kind) && (state === 'running' || state === 'queued'))
  const busy = running?.title ?? reading?.title
  if (busy !== undefined) throw inUse(id, busy)
  await deleteDataset(workspace, id)
  return { dataset, runs: users.map((run) => run.id) }
}

export async function bringBackDataset({ workspace }: ServiceContext, id: string): Promise<DatasetRecord> {
  if (!isSafeId(id)) return requireDataset(workspace, id)
  const paths = workspacePaths(workspace)
  if (existsSync(paths.deletedDataset(id)) && existsSync(paths.dataset(id))) {
    throw new HydraError('DATASET_EXISTS', {
      expected: 'an id that is free',
      got: `a dataset "${id}" that was imported since`,
      remedy: 'Keep that one, or delete it and import the old one again.',
    })
  }
  await restoreDataset(workspace, id)
  return requireDataset(workspace, id)
}

async function usersOf(workspace: string, dataset: string) {
  return (await listRuns(workspace)).filter(
    ({ datasets, request }) =>
      datasets.some(({ id }) => id === dataset) ||
      request.tasks.some((task) => task.split('/')[0] === dataset),
  )
}

function inUse(id: string, work: string): HydraError {
  return new HydraError('DATASET_IN_USE', {
    expected: 'a dataset that nothing reads now',
    got: `${id}, and “${work}” is running or waits to`,
    remedy: 'Let it end, or cancel it, and delete the dataset then.',
  })
}
