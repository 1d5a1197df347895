import { HydraError } from '../../shared/errors'
import type { DatasetRecord } from '../../shared/schemas/dataset'
import { listDatasets, readDatasetRecord } from '../engine/datasets/dataset-record'
import { nearestIds } from '../engine/datasets/nearest-ids'
import { isSafeId, workspacePaths } from '../workspace/paths'

/** The record of a dataset that a person named; an unknown name is answered with the nearest ones. */
export async function requireDataset(workspace: string, id: string): Promise<DatasetRecord> {
  const paths = workspacePaths(workspace)
  const ids = (await listDatasets(paths.datasets)).map((record) => record.id)
  if (isSafeId(id) && ids.includes(id)) return readDatasetRecord(paths.dataset(id))
  throw new HydraError('DATASET_UNKNOWN', {
    expected:
      ids.length === 0 ? 'a dataset of this workspace, which has none yet' : 'a dataset of this workspace',
    got: JSON.stringify(id),
    remedy:
      ids.length === 0
        ? 'Import one first, or wordnet-finds, which comes with the workbench.'
        : `Nearest: ${nearestIds(id, ids, 3).join(', ')}.`,
    command: ids.length === 0 ? 'hydra datasets import wordnet-finds' : 'hydra datasets list',
  })
}
