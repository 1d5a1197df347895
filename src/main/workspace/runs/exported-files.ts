import { readdir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { HydraError } from '../../../shared/errors'
import { isSafeId, workspacePaths } from '../paths'

export interface ExportedFile {
  readonly run: string
  /** Below the run's exports/, with `/` between folders. */
  readonly file: string
  readonly path: string
  readonly writtenAt: Date
}

/** Files of this ending below the exports/ of these runs, newest first. */
export async function listExportedFiles(
  workspace: string,
  runs: readonly string[],
  ending: string,
): Promise<ExportedFile[]> {
  const found: ExportedFile[] = []
  for (const run of runs) {
    const folder = workspacePaths(workspace).run(run).exports
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith(ending)) continue
      const path = join(entry.parentPath, entry.name)
      const file = relative(folder, path).split(sep).join('/')
      // An export that is being written.
      if (file.startsWith('.')) continue
      const known = await stat(path).catch(() => null)
      if (known) found.push({ run, file, path, writtenAt: known.mtime })
    }
  }
  return found.sort((a, b) => b.writtenAt.getTime() - a.writtenAt.getTime())
}

/** The path of a file below a run's exports/. @throws FILE_MISSING for one that is not there or leads elsewhere */
export async function exportedFile(workspace: string, run: string, file: string): Promise<string> {
  const parts = file.split('/')
  if (isSafeId(run) && parts.every(isSafeId)) {
    const path = join(workspacePaths(workspace).run(run).exports, ...parts)
    if ((await stat(path).catch(() => null))?.isFile()) return path
  }
  throw new HydraError('FILE_MISSING', {
    expected: `an exported file of ${run}`,
    got: JSON.stringify(file),
    remedy: 'Look at the list of exported heads, or export it again.',
  })
}
