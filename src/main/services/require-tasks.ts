import { join } from 'node:path'
import type { DatasetRecord } from '../../shared/schemas/dataset'
import type { Collection, Task } from '../engine/datasets/collection'
import { datasetIds } from '../engine/datasets/dataset-record'
import { protocolOf } from '../engine/datasets/protocol'
import { resolveTasks } from '../engine/datasets/tasks'
import { workspacePaths } from '../workspace/paths'
import { readDatasetCards } from './dataset-cards'
import { requireDataset } from './require-dataset'

/** The datasets behind task patterns, once every pattern names a task that exists: checked before a run folder is made. */
export async function requireTasks(
  places: { readonly workspace: string; readonly appRoot: string },
  patterns: readonly string[],
): Promise<DatasetRecord[]> {
  return (await readTaskNames(places, patterns)).datasets
}

/** The same with the tasks: their names, and nothing to search. */
export async function readTaskNames(
  places: { readonly workspace: string; readonly appRoot: string },
  patterns: readonly string[],
): Promise<{ readonly datasets: DatasetRecord[]; readonly tasks: Task[] }> {
  const datasets = new Map<string, DatasetRecord>()
  const ids = await datasetIds(workspacePaths(places.workspace).datasets)
  const tasks = await resolveTasks(patterns, ids, async (id) => {
    const record = await requireDataset(places.workspace, id)
    datasets.set(id, record)
    const folder = workspacePaths(places.workspace).dataset(id)
    const cards = await readDatasetCards(folder, record, join(places.appRoot, 'resources', 'cards'))
    return namesOnly(record, cards)
  })
  return { datasets: [...datasets.values()], tasks }
}

/** A collection with its cards and nothing to search: what the names of its tasks follow from. */
function namesOnly(record: DatasetRecord, cards: Awaited<ReturnType<typeof readDatasetCards>>): Collection {
  const nothing = { ids: [], texts: [] }
  return {
    id: record.id,
    family: record.family,
    title: record.title,
    sha256: record.sha256,
    exclude: record.exclude,
    protocol: protocolOf(record),
    documents: nothing,
    queries: nothing,
    ownDocument: new Int32Array(0),
    cards: cards.map(({ card }) => ({ card, members: null })),
    judgments: new Map(),
  }
}
