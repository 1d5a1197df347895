import { existsSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspacePaths } from '../../../src/main/workspace/paths'
import {
  deleteRun,
  emptyDeletedRuns,
  emptyOldDeletedRuns,
  isDeleted,
  listDeletedRuns,
  restoreRun,
} from '../../../src/main/workspace/runs/deleted-runs'
import { recoverRuns } from '../../../src/main/workspace/runs/recover-runs'
import { annotateRun } from '../../../src/main/workspace/runs/run-annotations'
import { createRun, listRuns, readRun } from '../../../src/main/workspace/runs/run-folder'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

const DAY = 24 * 60 * 60_000
const at = new Date('2026-03-04T05:06:07Z')
const later = (ms: number) => new Date(at.getTime() + ms)

async function run() {
  const workspace = await temporaryFolder()
  const { id } = await createRun(workspace, runDraft({ title: 'Train on scifact' }), 'x', at)
  return { workspace, id, paths: workspacePaths(workspace) }
}

describe('a deleted run', () => {
  it('is no run any more, and comes back whole', async () => {
    const { workspace, id, paths } = await run()
    await mkdir(paths.run(id).checkpoints)
    await writeFile(paths.run(id).checkpoint('task-card'), 'weights')
    const before = await readRun(workspace, id)
    await deleteRun(workspace, id, at)
    expect(await listRuns(workspace)).toEqual([])
    await expect(readRun(workspace, id)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
    expect(await isDeleted(workspace, id)).toBe(true)
    await restoreRun(workspace, id)
    expect(await readRun(workspace, id)).toEqual(before)
    expect(existsSync(paths.run(id).checkpoint('task-card'))).toBe(true)
    expect(existsSync(paths.run(id).deleted)).toBe(false)
    expect(await listDeletedRuns(workspace)).toEqual([])
  })

  it('is listed by the name that a person gave it, the last deleted first', async () => {
    const { workspace, id } = await run()
    const other = await createRun(workspace, runDraft({ title: 'Other' }), 'other', at)
    await annotateRun(workspace, id, { name: 'Wide' })
    await deleteRun(workspace, id, at)
    await deleteRun(workspace, other.id, later(1))
    expect(await listDeletedRuns(workspace)).toEqual([
      { id: other.id, title: 'Other', deletedAt: later(1).toISOString() },
      { id, title: 'Wide', deletedAt: at.toISOString() },
    ])
  })

  it('is kept a day, and goes when a workspace is opened after that', async () => {
    const { workspace, id, paths } = await run()
    await deleteRun(workspace, id, at)
    expect(await emptyOldDeletedRuns(workspace, later(DAY))).toBe(0)
    await recoverRuns(workspace, () => later(DAY - 1))
    expect(await isDeleted(workspace, id)).toBe(true)
    await recoverRuns(workspace, () => later(DAY + 1))
    expect(existsSync(paths.deletedRun(id).folder)).toBe(false)
    await expect(restoreRun(workspace, id)).rejects.toMatchObject({ code: 'RUN_UNKNOWN' })
  })

  it('goes for good on demand', async () => {
    const { workspace, id } = await run()
    await deleteRun(workspace, id, at)
    expect(await emptyDeletedRuns(workspace)).toBe(1)
    expect(await emptyDeletedRuns(workspace)).toBe(0)
  })

  it('is not restored over another run of that id', async () => {
    const { workspace, id, paths } = await run()
    await cp(paths.run(id).folder, join(workspace, 'copy'), { recursive: true })
    await deleteRun(workspace, id, at)
    await cp(join(workspace, 'copy'), paths.run(id).folder, { recursive: true })
    await expect(restoreRun(workspace, id)).rejects.toMatchObject({ code: 'RUN_STATE' })
    expect(await isDeleted(workspace, id)).toBe(false)
    await deleteRun(workspace, id, later(1))
    expect(await listDeletedRuns(workspace)).toHaveLength(1)
  })
})
