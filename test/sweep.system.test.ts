import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { Sweep } from '../src/shared/schemas/runs/sweep'
import { CLI, commandLine } from './command-line'
import { temporaryFolder } from './temporary-folder'
import { writeTrees } from './tree-collection'

const SWEEP = [
  'sweep',
  '--tasks',
  'trees',
  '--steps',
  '3',
  '--rows',
  'frozen,task card',
  '--vary',
  'rank=2,4',
]

it('a sweep that is stopped goes on where it was, and makes nothing twice', {
  timeout: 120_000,
}, async () => {
  const folder = await temporaryFolder()
  const workspace = join(folder, 'workspace')
  const hydra = commandLine(workspace)
  await hydra.json('datasets', 'import', writeTrees(join(folder, 'trees')))

  const child = spawn(process.execPath, [CLI, ...SWEEP, '--json', '--workspace', workspace])
  onTestFinished(() => void child.kill('SIGKILL'))
  let told = ''
  let pressed = false
  child.stderr.setEncoding('utf8').on('data', (text) => {
    told += text
    // The second run has begun: it loads for a second or two before it could be done.
    if (pressed || !told.includes('rank=4')) return
    pressed = child.kill('SIGINT')
  })
  expect(await once(child, 'close'), told).toEqual([130, null])
  const stopped = await hydra.json('runs', 'list')
  expect(stopped.map(({ state }: { state: string }) => state)).toEqual(['paused', 'done'])
  const ids = stopped.map(({ id }: { id: string }) => id).toReversed()

  const whole: Sweep = await hydra.json(...SWEEP)
  expect(whole).toMatchObject({ asked: 2, done: 2 })
  expect(whole.points.map(({ settings, runs }) => [settings.rank, runs[0].run?.id])).toEqual([
    ['2', ids[0]],
    ['4', ids[1]],
  ])
  const [table] = whole.tables
  const scored = table.rows.map(
    ({ systems }) => systems.find(({ row }) => row === 'frozen')?.measures['nDCG@10'],
  )
  expect(scored[0]).toMatchObject({ n: 1, sd: null })
  expect(scored[1]).toEqual(scored[0])

  // The same training under another roof: run for run the same weights and figures.
  const reproduced = await hydra.json('reproduce', ids[0])
  expect(reproduced).toMatchObject({ original: ids[0], reproduced: true })
  expect(reproduced.lines.map(({ part }: { part: string }) => part)).toEqual(
    expect.arrayContaining(['data', 'encoder', 'split', 'weights', 'measure']),
  )
  const other = await hydra.hydra('reproduce', ids[0], '--with', ids[1])
  expect(other.code, other.stdout).toBe(1)
  expect(other.stdout).toMatch(/^\* differs +rank: expected 2, got 4$/m)

  const again: Sweep = await hydra.json(...SWEEP)
  expect(again.tables).toEqual(whole.tables)
  expect(await hydra.json('runs', 'list')).toHaveLength(3)
  expect(await hydra.refusal(...SWEEP, '--curve', '5,all')).toBe('USAGE')
})
