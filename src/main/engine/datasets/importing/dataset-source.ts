import { stat } from 'node:fs/promises'
import { HydraError } from '../../../../shared/errors'
import type { DatasetSource } from './dataset-layout'
import { kindOfArchive } from './file-kinds'
import { folderSource } from './folder-source'
import { zipSource } from './zip-source'

/** Opens a folder or a zip that holds exactly one dataset; any other file is refused as what it is. */
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
  if (found.isDirectory()) return folderSource(path)
  const kind = await kindOfArchive(path)
  if (kind) throw notALayout(path, kind.name, kind.remedy)
  if (/\.(jsonl|json|tsv|csv|txt)$/i.test(path))
    throw notALayout(path, 'a single file', 'Name the folder with corpus.jsonl, queries.jsonl and qrels/.')
  return zipSource(path)
}

function notALayout(path: string, got: string, remedy: string): HydraError {
  return new HydraError('DATASET_LAYOUT', {
    expected: 'a folder or a zip in BEIR layout',
    got,
    remedy: remedy.replaceAll('FILE', path),
    where: path,
  })
}
