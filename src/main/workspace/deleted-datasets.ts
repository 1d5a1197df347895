import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DELETED_PREFIX, workspacePaths } from './paths'

/** Takes a dataset out of the workspace at once, and keeps it until the workspace is closed. */
export async function deleteDataset(workspace: string, id: string): Promise<void> {
  const paths = workspacePaths(workspace)
  // An earlier one of that id cannot come back any more.
  await rm(paths.deletedDataset(id), { recursive: true, force: true })
  await rename(paths.dataset(id), paths.deletedDataset(id))
}

/** Puts it back where there is one; its place must be free. */
export async function restoreDataset(workspace: string, id: string): Promise<void> {
  const paths = workspacePaths(workspace)
  await rename(paths.deletedDataset(id), paths.dataset(id)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

/** Deletes for good what was deleted. */
export async function purgeDeletedDatasets(workspace: string): Promise<void> {
  const { datasets } = workspacePaths(workspace)
  for (const name of await readdir(datasets).catch(() => []))
    if (name.startsWith(DELETED_PREFIX)) await rm(join(datasets, name), { recursive: true, force: true })
}
