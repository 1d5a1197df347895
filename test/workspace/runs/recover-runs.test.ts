import { existsSync } from 'node:fs'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { recoverRuns } from '../../../src/main/workspace/runs/recover-runs'
import { appendEvents } from '../../../src/main/workspace/runs/run-events'
import { createRun, readRun, updateRun } from '../../../src/main/workspace/runs/run-folder'
import { askRun } from '../../../src/main/workspace/runs/run-request'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

const now = () => new Date('2026-03-04T05:06:07Z')

describe('recoverRuns', () => {
  it('marks what was running as interrupted and says what was lost', async () => {
    const workspace = await temporaryFolder()
    const { id } = await createRun(workspace, runDraft(), 'x', now())
    const lastAt = Date.parse('2026-03-04T05:00:00Z')
    await appendEvents(workspace, id, [
      { type: 'loss', at: lastAt, run: id, arm: 'task card', step: 300, steps: 1600, loss: 1.5 },
    ])
    const [sentence] = await recoverRuns(workspace, now)
    const run = await readRun(workspace, id)
    expect(run.state).toBe('interrupted')
    expect(run.endedAt).toBe(new Date(lastAt).toISOString())
    expect(run.reason).toContain('task card, step 300 of 1600')
    expect(run.reason).toContain('No checkpoint')
    expect(sentence).toContain(id)
    expect(await recoverRuns(workspace, now)).toEqual([])
  })

  it('says which checkpoint is there', async () => {
    const workspace = await temporaryFolder()
    const { id } = await createRun(workspace, runDraft(), 'x', now())
    const paths = workspacePaths(workspace).run(id)
    await mkdir(paths.checkpoints, { recursive: true })
    await writeFile(paths.checkpoint('last'), '')
    await recoverRuns(workspace, now)
    expect((await readRun(workspace, id)).reason).toContain('last.safetensors')
  })

  it('says that a half-trained network can be gone on with', async () => {
    const workspace = await temporaryFolder()
    const { id } = await createRun(workspace, runDraft(), 'x', now())
    const paths = workspacePaths(workspace).run(id)
    await mkdir(paths.checkpoints, { recursive: true })
    for (const name of ['no-card', 'task-card.last', 'task-card.best-100'])
      await writeFile(paths.checkpoint(name), '')
    await askRun(workspace, id, 'pause')
    await recoverRuns(workspace, now)
    const { reason } = await readRun(workspace, id)
    expect(reason).toContain('Kept: no-card.safetensors, the training of task-card so far.')
    expect(reason).toContain('It can be resumed.')
    expect(existsSync(paths.request)).toBe(false)
  })

  it('leaves runs alone that ended', async () => {
    const workspace = await temporaryFolder()
    const { id } = await createRun(workspace, runDraft(), 'x', now())
    await updateRun(workspace, id, { state: 'failed', reason: 'why' })
    expect(await recoverRuns(workspace, now)).toEqual([])
    expect(await readRun(workspace, id)).toMatchObject({ state: 'failed', reason: 'why' })
  })

  it('removes half-done imports and files of dead writers, and nothing of living ones', async () => {
    const workspace = await temporaryFolder()
    const paths = workspacePaths(workspace)
    const incoming = join(paths.datasets, '.incoming-x')
    await mkdir(incoming, { recursive: true })
    await writeFile(join(incoming, 'corpus.jsonl'), '')
    const cache = join(paths.vectorCache, 'encoder')
    await mkdir(cache, { recursive: true })
    const dead = join(cache, '.block.4194999-0a.tmp')
    const living = join(cache, `.block.${process.pid}-0a.tmp`)
    const young = join(cache, 'unsigned-young.tmp')
    const old = join(cache, 'unsigned-old.tmp')
    for (const file of [dead, living, young, old]) await writeFile(file, '')
    for (const file of [young, dead, living]) await utimes(file, now(), now())
    const hoursAgo = new Date(now().getTime() - 3 * 60 * 60_000)
    await utimes(old, hoursAgo, hoursAgo)
    await recoverRuns(workspace, now)
    expect(existsSync(incoming)).toBe(false)
    expect((await readdir(cache)).sort()).toEqual(
      [`.block.${process.pid}-0a.tmp`, 'unsigned-young.tmp'].sort(),
    )
  })
})
