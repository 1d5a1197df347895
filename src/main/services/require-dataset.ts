import { HydraError } from '../../shared/errors'
import type { DatasetRecord } from '../../shared/schemas/dataset'
import { datasetIds, readDatasetRecord } from '../engine/datasets/dataset-record'
import { nearestIds } from '../engine/datasets/nearest-ids'
import { isSafeId, workspacePaths } from '../workspace/paths'

/** The record of a dataset that a person named; an unknown name is answered with the nearest ones. */
export async function requireDataset(workspace: string, id: string): Promise<DatasetRecord> {
  const paths = workspacePaths(workspace)
  const ids = await datasetIds(paths.datasets)
  if (isSafeId(id) && ids.includes(id)) return readDatasetRecord(paths.dataset(id))
  const members = ids.filter((one) => one.startsWith(`${id}.`)).length
  const near =
    members > 0
      ? `${id} is a family: ${id}.* names its ${members} corpora.`
      : `Nearest: ${nearestIds(id, ids, 3).join(', ')}.`
  throw new HydraError('DATASET_UNKNOWN', {
    expected:
      ids.length === 0 ? 'a dataset of this workspace, which has none yet' : 'a dataset of this workspace',
    got: JSON.stringify(id),
    remedy: ids.length === 0 ? 'Import one first, or wordnet-finds, which comes with the workbench.' : near,
    command: ids.length === 0 ? 'hydra datasets import wordnet-finds' : 'hydra datasets list',
  })
}
