import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import type { DeletedRun } from '../../../shared/schemas/runs/annotations'
import { readJson, writeJsonAtomic } from '../../files/atomic-write'
import { isSafeId, workspacePaths } from '../paths'
import { readAnnotationsOrNone } from './run-annotations'
import { readRun, unknownRun } from './run-folder'

/** How long a deleted run can be restored. */
const KEPT_MS = 24 * 60 * 60_000

/** `deleted.json` in the folder of a deleted run: what it was called, and since when. */
const deletedSchema = z.strictObject({
  version: z.literal(1),
  title: z.string(),
  deletedAt: z.iso.datetime(),
})

/** Puts the run's folder aside, as a whole and at once. */
export async function deleteRun(workspace: string, id: string, now: Date): Promise<void> {
  const paths = workspacePaths(workspace)
  const run = await readRun(workspace, id)
  const title = (await readAnnotationsOrNone(workspace, run.id)).name ?? run.title
  await mkdir(paths.deletedRuns, { recursive: true })
  // The note first: a folder there always says since when.
  const note: z.infer<typeof deletedSchema> = { version: 1, title, deletedAt: now.toISOString() }
  await writeJsonAtomic(paths.run(run.id).deleted, note)
  await rm(paths.deletedRun(run.id).folder, { recursive: true, force: true })
  await rename(paths.run(run.id).folder, paths.deletedRun(run.id).folder)
}

/** Whether the run lies among the deleted ones and nowhere else. */
export async function isDeleted(workspace: string, id: string): Promise<boolean> {
  if (!isSafeId(id) || existsSync(workspacePaths(workspace).run(id).folder)) return false
  return (await readDeleted(workspace, id)) !== null
}

/** Puts it back. One that was never deleted stays as it is. */
export async function restoreRun(workspace: string, id: string): Promise<void> {
  const paths = workspacePaths(workspace)
  if (!isSafeId(id)) throw unknownRun(id)
  if (!(await readDeleted(workspace, id))) {
    await readRun(workspace, id)
    return
  }
  try {
    await rename(paths.deletedRun(id).folder, paths.run(id).folder)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw cause
    const detail = {
      expected: `no run ${id} in the workspace`,
      got: 'another one of that id',
      remedy: 'Delete or move that one first.',
    }
    throw new HydraError('RUN_STATE', detail, { cause })
  }
  await rm(paths.run(id).deleted, { force: true })
}

/** Those that can be restored, the last deleted first. */
export async function listDeletedRuns(workspace: string): Promise<DeletedRun[]> {
  const names = await readdir(workspacePaths(workspace).deletedRuns).catch(() => [])
  const found = await Promise.all(names.filter(isSafeId).map((id) => readDeleted(workspace, id)))
  return found.filter((one) => one !== null).sort((a, b) => b.deletedAt.localeCompare(a.deletedAt))
}

/** Deletes for good what was deleted before this moment; all of it where none is said. Returns how many. */
export async function emptyDeletedRuns(workspace: string, before?: Date): Promise<number> {
  const old = (await listDeletedRuns(workspace)).filter(
    ({ deletedAt }) => !before || Date.parse(deletedAt) < before.getTime(),
  )
  for (const { id } of old)
    await rm(workspacePaths(workspace).deletedRun(id).folder, { recursive: true, force: true })
  return old.length
}

/** What lies there longer than a day goes; called where a workspace is opened to be written, and at each further deletion. */
export function emptyOldDeletedRuns(workspace: string, now: Date): Promise<number> {
  return emptyDeletedRuns(workspace, new Date(now.getTime() - KEPT_MS))
}

async function readDeleted(workspace: string, id: string): Promise<DeletedRun | null> {
  const path = workspacePaths(workspace).deletedRun(id).deleted
  const read = await readJson(path, deletedSchema).catch(() => null)
  return read && { id, title: read.title, deletedAt: read.deletedAt }
}
