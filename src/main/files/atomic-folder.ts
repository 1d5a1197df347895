import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder, temporaryBeside } from './atomic-write'

/**
 * A folder that appears with all its files: filled beside its place, fsync, rename. One that was there is replaced; where
 * `fill` fails it stays, and nothing of the new one is left.
 */
export async function writeFolderAtomic<Result>(
  path: string,
  fill: (folder: string) => Promise<Result>,
): Promise<Result> {
  await mkdir(dirname(path), { recursive: true })
  const staging = temporaryBeside(path)
  try {
    await mkdir(staging)
    const result = await fill(staging)
    await syncFiles(staging)
    const before = temporaryBeside(path)
    // Folders cannot be exchanged in one step: between these two there is neither, and a crash leaves the old one aside.
    const replaced = await rename(path, before).then(
      () => true,
      () => false,
    )
    await rename(staging, path)
    if (replaced) await rm(before, { recursive: true, force: true })
    await syncFolder(dirname(path))
    return result
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    throw error
  }
}

async function syncFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = await open(join(entry.parentPath, entry.name), 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  }
}
