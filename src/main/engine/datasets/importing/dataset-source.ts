import { stat } from 'node:fs/promises'
import { HydraError } from '../../../../shared/errors'
import type { DatasetSource } from './dataset-layout'
import { folderSource } from './folder-source'
import { zipSource } from './zip-source'

/** Opens a folder or a zip that holds exactly one dataset, at its top or in one folder. */
export async function openSource(path: string): Promise<DatasetSource> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new HydraError(
      'FILE_MISSING',
      {
        expected: 'a folder or a zip in BEIR layout',
        got: `nothing at ${path}`,
        remedy: 'Check the path.',
      },
      { cause },
    )
  })
  return found.isDirectory() ? folderSource(path) : zipSource(path)
}
