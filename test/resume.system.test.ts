import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { workspacePaths } from '../src/main/workspace/paths'
import { readEvents } from '../src/main/workspace/runs/run-events'
import { readRun } from '../src/main/workspace/runs/run-folder'
import type { RunRecord } from '../src/shared/schemas/run'
import { CLI, commandLine } from './command-line'
import { temporaryFolder } from './temporary-folder'

/** Enough that another process pauses it and a signal meets it in mid-training. */
const STEPS = 150
/** A small network, whose steps are quick; what is saved of it is of the same kind. */
const TRAIN = 'train --tasks tiny --set basis=4 --set hidden=16 --json --rows'
  .split(' ')
  .concat('task card,no card', '--steps')

function start(words: readonly string[], workspace: string, options: readonly string[] = []) {
  const child: ChildProcess = spawn(process.execPath, [CLI, ...words], {
    env: { ...process.env, HYDRA_WORKSPACE: workspace, NODE_OPTIONS: options.join(' ') },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, out: () => out, err: () => err, ended }
}

async function hydra(words: readonly string[], workspace: string) {
  const running = start(words, workspace)
  const code = await running.ended
  return { code, out: running.out(), err: running.err() }
}

/** Queries and documents that share a word, in all three splits. */
async function openWorkspace(): Promise<string> {
  const workspace = await temporaryFolder()
  const source = join(workspace, 'source')
  await mkdir(join(source, 'qrels'), { recursive: true })
  const lines = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('')
  const words = ['river', 'engine', 'violin', 'harvest', 'planet', 'window', 'doctor', 'castle']
  const about = (i: number) => `${words[i % 8]} ${words[(3 * i + 1) % 8]} number ${i}`
  await writeFile(
    join(source, 'corpus.jsonl'),
    lines(120, (i) => JSON.stringify({ _id: `d${i}`, title: '', text: `a text on the ${about(i)}` })),
  )
  await writeFile(
    join(source, 'queries.jsonl'),
    lines(60, (i) => JSON.stringify({ _id: `q${i}`, text: `which ${about(i)}` })),
  )
  for (const [split, from] of [
    ['train', 0],
    ['dev', 30],
    ['test', 45],
  ] as const) {
    const count = split === 'train' ? 30 : 15
    const judged = lines(count, (i) => `q${from + i}\td${(from + i) * 2}\t1`)
    await writeFile(join(source, 'qrels', `${split}.tsv`), `query-id\tcorpus-id\tscore\n${judged}`)
  }
  await commandLine(workspace).json('datasets', 'import', source, '--id', 'tiny')
  return workspace
}

/** A verdict's rows without what ranking took. */
function rowsOf(verdict: string) {
  return JSON.parse(verdict, (key, value) => (key === 'seconds' ? undefined : value)).rows
}

async function runs(workspace: string): Promise<RunRecord[]> {
  return commandLine(workspace).json('runs', 'list')
}

/** The step that both networks of a run have passed, as its folder tells. */
async function stepOf(workspace: string, run: string): Promise<number> {
  const last = new Map<string, number>()
  for (const event of await readEvents(workspace, run)) {
    if (event.type === 'loss') last.set(event.arm, event.step)
  }
  return last.size < 2 ? 0 : Math.min(...last.values())
}

/** A training starts its processes first: on a busy machine that takes a while. */
async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 120_000
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not become so within two minutes')
    await new Promise((again) => setTimeout(again, 20))
  }
}

const states = (names: readonly string[]) => names.filter((name) => /\.(last|(best|sound)-\d+)\./.test(name))

describe('a training that is stopped', () => {
  it('by another process, and then killed, ends with the weights of one that was not', {
    timeout: 600_000,
  }, async () => {
    const workspace = await openWorkspace()
    const whole = await hydra([...TRAIN, String(STEPS)], workspace)
    expect(whole.code, whole.err).toBe(0)
    const [expected] = await runs(workspace)
    expect(Object.keys(expected.weights).sort()).toEqual(['no card', 'task card'])
    expect(whole.err).toContain(expected.weights['task card'])

    const training = start([...TRAIN, String(STEPS)], workspace)
    await waitUntil(() => training.err().includes('"loss"'))
    const { id } = (await runs(workspace))[0]
    const paths = workspacePaths(workspace).run(id)
    await waitUntil(async () => (await stepOf(workspace, id)) > 5)
    const paused = await hydra(['runs', 'pause', id, '--json'], workspace)
    expect(JSON.parse(paused.out), paused.err).toMatchObject({ id, state: 'paused' })
    expect(await training.ended).toBe(1)
    expect(JSON.parse(training.out()).error.code).toBe('PAUSED')
    expect(states(await readdir(paths.checkpoints)).length).toBeGreaterThanOrEqual(2)
    const pausedAt = await stepOf(workspace, id)
    expect(pausedAt).toBeLessThan(STEPS)

    const resumed = start(['runs', 'resume', id, '--json'], workspace)
    await waitUntil(async () => (await stepOf(workspace, id)) > pausedAt + 5)
    resumed.child.kill('SIGKILL')
    await resumed.ended
    const [interrupted] = await runs(workspace)
    expect(interrupted).toMatchObject({ id, state: 'interrupted' })
    expect(interrupted.reason).toMatch(/step.*It can be resumed\./s)
    expect((await readdir(paths.folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])

    const finished = await hydra(['runs', 'resume', id, '--json'], workspace)
    expect(finished.code, finished.err).toBe(0)
    const done = await readRun(workspace, id)
    expect(done).toMatchObject({ state: 'done', reason: null, weights: expected.weights })
    expect(rowsOf(finished.out)).toEqual(rowsOf(whole.out))
    expect(states(await readdir(paths.checkpoints))).toEqual([])

    const { refusal } = commandLine(workspace)
    expect(await refusal('runs', 'pause', id)).toBe('RUN_STATE')
    expect(await refusal('runs', 'resume', id)).toBe('RUN_STATE')
    expect(await refusal('runs', 'cancel', 'nothing')).toBe('RUN_UNKNOWN')
  })

  it('by a full disk keeps a valid folder and goes on when there is room', { timeout: 600_000 }, async () => {
    const workspace = await openWorkspace()
    const inject = join(workspace, 'full-disk.mjs')
    await writeFile(inject, FULL_DISK)
    const failed = start([...TRAIN, '10'], workspace, ['--import', inject])
    expect(await failed.ended).toBe(1)
    expect(JSON.parse(failed.out()).error).toMatchObject({ code: 'DISK_FULL' })
    const [run] = await runs(workspace)
    expect(run.state).toBe('failed')
    expect(run.reason).toContain('DISK_FULL')
    const { checkpoints } = workspacePaths(workspace).run(run.id)
    expect((await readdir(checkpoints).catch(() => [])).filter((name) => name.includes('task-card'))).toEqual(
      [],
    )
    const copy = await temporaryFolder()
    await cp(workspace, copy, { recursive: true })
    expect(await commandLine(copy).json('runs', 'cancel', run.id)).toMatchObject({ state: 'cancelled' })
    const resumed = await hydra(['runs', 'resume', run.id, '--json'], workspace)
    expect(resumed.code, resumed.err).toBe(0)
    expect((await readRun(workspace, run.id)).state).toBe('done')
  })
})

/** Opening a file of the card's network for writing meets a full disk, in every process that Node starts with this. */
const FULL_DISK = `
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
const open = fs.open
fs.open = async (path, flags, ...rest) => {
  const file = await open(path, flags, ...rest)
  if (String(path).includes('task-card')) {
    file.writeFile = () =>
      Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }))
  }
  return file
}
syncBuiltinESMExports()
`
