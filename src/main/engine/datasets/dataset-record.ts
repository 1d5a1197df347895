import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HydraError, toHydraError } from '../../../shared/errors'
import { type DatasetRecord, datasetSchema } from '../../../shared/schemas/dataset'

/** `dataset.json` of a dataset's folder. */
export async function readDatasetRecord(folder: string): Promise<DatasetRecord> {
  const path = join(folder, 'dataset.json')
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new HydraError(
      'DATASET_UNKNOWN',
      {
        expected: 'a dataset of the workspace',
        got: `no readable ${path} (${cause.code})`,
        remedy: 'Import the dataset first, or choose one that is there.',
        command: 'hydra datasets list',
      },
      { cause },
    )
  })
  try {
    return datasetSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new HydraError(
      'FILE_INVALID',
      {
        expected: 'the record that an import writes',
        got: cause instanceof Error ? cause.message : String(cause),
        remedy: `Delete the folder ${folder} and import the dataset again.`,
        where: path,
      },
      { cause },
    )
  }
}

/** Ids of the datasets of a workspace in order, without a look at what they hold. */
export async function datasetIds(datasetsFolder: string): Promise<string[]> {
  const entries = await readdir(datasetsFolder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort((a, b) => (a < b ? -1 : 1))
}

/** All datasets of a workspace in order of id. A folder whose record cannot be read is told to `onInvalid` and left out. */
export async function listDatasets(
  datasetsFolder: string,
  onInvalid?: (error: HydraError) => void,
): Promise<DatasetRecord[]> {
  const records: DatasetRecord[] = []
  for (const id of await datasetIds(datasetsFolder)) {
    try {
      records.push(await readDatasetRecord(join(datasetsFolder, id)))
    } catch (error) {
      onInvalid?.(toHydraError(error))
    }
  }
  return records
}
