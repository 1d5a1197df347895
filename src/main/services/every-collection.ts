import { HydraError } from '../../shared/errors'
import { listDatasets } from '../engine/datasets/dataset-record'
import { workspacePaths } from '../workspace/paths'

/** What a person writes for every collection of the workspace. */
export const ALL = 'all'

/**
 * The tasks asked for; `all` alone stands for each imported collection with one card and the split that is scored. Collections of many
 * cards (WordNet's) have a protocol of their own, and facets of a test split are no tasks.
 */
export async function everyCollection(
  { workspace }: { readonly workspace: string },
  tasks: readonly string[],
  split: 'test' | 'dev' = 'test',
): Promise<string[]> {
  if (tasks.length !== 1 || tasks[0] !== ALL) return [...tasks]
  const records = await listDatasets(workspacePaths(workspace).datasets)
  const found = records
    .filter(({ cards, splits }) => cards === 1 && (splits[split]?.queries ?? 0) > 0)
    .map(({ id }) => id)
    .sort()
  if (found.length > 0) return found
  throw new HydraError('TASK_UNUSABLE', {
    expected: `at least one imported collection with one card and a ${split} split`,
    got: records.length === 0 ? 'a workspace without datasets' : records.map(({ id }) => id).join(', '),
    remedy: 'Import one first.',
    command: 'hydra datasets import FOLDER-OR-ZIP',
  })
}
