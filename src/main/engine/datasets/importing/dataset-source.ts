import { stat } from 'node:fs/promises'
import { HydraError } from '../../../../shared/errors'
import { type DatasetSource, datasetOf, type SourceFiles } from './dataset-layout'
import { kindOfArchive } from './opening/file-kinds'
import { openFolder } from './opening/open-folder'
import { openZip } from './opening/zip-files'

/** Opens a folder or a zip that holds exactly one dataset. */
export async function openSource(path: string): Promise<DatasetSource> {
  const files = await openFiles(path)
  try {
    return datasetOf(files, path)
  } catch (error) {
    files.close()
    throw error
  }
}

/** Opens a folder or a zip; any other file is refused as what it is. */
export async function openFiles(path: string): Promise<SourceFiles> {
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
  if (found.isDirectory()) return openFolder(path)
  const kind = await kindOfArchive(path)
  if (kind) throw notALayout(path, kind.name, kind.remedy)
  if (/\.(jsonl|json|tsv|csv|txt)$/i.test(path))
    throw notALayout(path, 'a single file', 'Name the folder with corpus.jsonl, queries.jsonl and qrels/.')
  return openZip(path)
}

function notALayout(path: string, got: string, remedy: string): HydraError {
  return new HydraError('DATASET_LAYOUT', {
    expected: 'a folder or a zip in BEIR layout',
    got,
    remedy: remedy.replaceAll('FILE', path),
    where: path,
  })
}
