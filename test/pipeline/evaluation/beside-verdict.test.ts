import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { frozenSystem } from '../../../src/main/engine/evaluation/controls'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { besideVerdict } from '../../../src/main/pipeline/evaluation/beside-verdict'
import { openRunFiles } from '../../../src/main/pipeline/evaluation/run-files'
import { workspacePaths } from '../../../src/main/workspace/paths'
import { createRun, readRun } from '../../../src/main/workspace/runs/run-folder'
import { cancelled } from '../../../src/shared/errors'
import type { JobEvent } from '../../../src/shared/schemas/job'
import { makeTasks } from '../../engine/datasets/made-collection'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

async function aRun() {
  const workspace = await temporaryFolder()
  const { id } = await createRun(workspace, runDraft(), 'some', new Date(0))
  const events: JobEvent[] = []
  const context = {
    workspace,
    emit: (event: JobEvent) => events.push(event),
    now: () => new Date(0),
  }
  return { workspace, id, events, context, folder: workspacePaths(workspace).run(id).folder }
}
const table = { cards: 'seen', examples: 0 } as const
const task = { task: makeTasks('set', [{ id: 'a', test: [[0, [[1, 1]]]] }], 3)[0] } as EncodedTask
const rankings = [{ documents: Int32Array.of(2, 1), scores: Float32Array.of(2, 1) }]
const add = (files: Awaited<ReturnType<typeof openRunFiles>>) =>
  files.add(table, frozenSystem, task, Int32Array.of(0), rankings)

it('run files are written whole', async () => {
  const { workspace, id, folder } = await aRun()
  const files = await openRunFiles(workspace, id, { tasks: 1, compressed: false })
  add(files)
  await files.close()
  await files.close()
  expect(await readdir(join(folder, 'trec'))).toEqual(['seen-k0.frozen.run'])
})

it.each([
  ['the folder cannot be made', (folder: string) => writeFile(join(folder, 'trec'), ''), async () => {}],
  [
    'it is gone when they are written',
    async () => {},
    (folder: string) => rm(join(folder, 'trec'), { recursive: true }),
  ],
  [
    'a name is taken by a folder',
    (folder: string) => mkdir(join(folder, 'trec', 'seen-k0.frozen.run', 'x'), { recursive: true }),
    async () => {},
  ],
])('run files fail when they are closed and not before where %s', async (_, before, after) => {
  const { workspace, id, folder } = await aRun()
  await before(folder)
  const files = await openRunFiles(workspace, id, { tasks: 1, compressed: false })
  await after(folder)
  add(files)
  await expect(files.close()).rejects.toMatchObject({ code: expect.stringMatching(/^E/) })
  await files.close()
})

it('a fault beside the verdict is a warning in the log and one note of the run, gone with the next success', async () => {
  const { workspace, id, events, context } = await aRun()
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  for (let i = 0; i < 2; i++) await besideVerdict('The files', id, () => Promise.reject(full), context)
  expect((await readRun(workspace, id)).notes).toEqual([expect.stringContaining('DISK_FULL')])
  expect(events).toMatchObject([{ level: 'warning' }, { level: 'warning' }])
  await besideVerdict('The files', id, async () => {}, context)
  expect((await readRun(workspace, id)).notes).toEqual([])
})

it('who stops the work is obeyed', async () => {
  const { id, context } = await aRun()
  const stop = () => Promise.reject(cancelled())
  await expect(besideVerdict('The files', id, stop, context)).rejects.toMatchObject({ code: 'CANCELLED' })
})
