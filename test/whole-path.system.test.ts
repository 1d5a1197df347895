import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeHead } from '../src/main/engine/exporting/head-file'
import { dot, row } from '../src/main/engine/numeric/matrix'
import { verdictSchema } from '../src/shared/schemas/verdict'
import { CLI, type Commands, commandLine } from './command-line'
import { readNpy } from './read-npy'
import { writeTrees } from './tree-collection'

/** The command line on the real engine: from a folder of files to a head that is proved. */

let folder: string
let workspace: string
let run: string
let commands: Commands

const json: Commands['json'] = (...words) => commands.json(...words)

const PYTHON = process.env.PYTHON ?? 'python3'
const noTrecEval = spawnSync(PYTHON, ['-c', 'import pytrec_eval']).status !== 0
if (noTrecEval)
  console.log(
    `skipped: run files against trec_eval, ${PYTHON} has no pytrec_eval (pip install pytrec_eval-terrier)`,
  )

describe('the whole path', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hydra-path-'))
    workspace = join(folder, 'workspace')
    commands = commandLine(workspace)
    await json('datasets', 'import', writeTrees(join(folder, 'trees')))
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('scores the frozen encoder with n, intervals and run files', async () => {
    const verdict = await json('evaluate', '--frozen', '--tasks', 'trees')
    const [frozen] = verdict.rows
    expect(frozen).toMatchObject({ row: 'frozen', bm25: false, cards: 'seen', examples: 0, n: 10 })
    expect(frozen.mean['MRR@10'].value).toBeGreaterThan(0.8)
    expect(frozen.tasks.trees.n).toBe(10)
    const lines = await readFile(join(workspace, 'runs', verdict.run, 'trec', 'seen-k0.frozen.run'), 'utf8')
    expect(lines.trimEnd().split('\n')).toHaveLength(100)
    expect(lines.split('\n')[0]).toMatch(/^\S+ Q0 \S+ 1 -?\d/)
  })

  it('trains both networks, and the same seed gives the same weights', async () => {
    const train = (...words: string[]) =>
      json('train', '--tasks', 'trees', '--steps', '12', '--seed', '3', ...words)
    const first = await train()
    verdictSchema.parse(
      JSON.parse(await readFile(join(workspace, 'runs', first.run, 'results.json'), 'utf8')),
    )
    run = first.run
    expect(first.rows.map((one: { row: string }) => one.row)).toEqual(
      expect.arrayContaining(['no card', 'task card']),
    )
    // Which rows are scored afterwards changes nothing in them.
    const second = await train('--rows', 'task card,no card')
    for (const arm of ['task-card', 'no-card']) {
      const bytes = (id: string) => readFile(join(workspace, 'runs', id, 'checkpoints', `${arm}.safetensors`))
      expect((await bytes(run)).equals(await bytes(second.run))).toBe(true)
    }
  })

  it.skipIf(noTrecEval)('has the scores that trec_eval finds in its run files', () => {
    const oracle = resolve(import.meta.dirname, 'oracle', 'run_files.py')
    const { status, stdout, stderr } = spawnSync(PYTHON, [oracle, workspace, run], { encoding: 'utf8' })
    expect(status, stdout + stderr).toBe(0)
    expect(stdout).toMatch(/nDCG@10/)
  })

  it('searches with a free description beside the frozen encoder', async () => {
    const result = await json('search', run, '--query', 'old wood', '--describe', 'find the tree', '--k', '5')
    expect(result.frozen).toHaveLength(5)
    expect(result.conditioned).toHaveLength(5)
    for (const hit of result.conditioned) {
      const frozen = result.frozen.find((one: { document: string }) => one.document === hit.document)
      if (frozen) expect(hit.frozenRank).toBe(frozen.rank)
    }
  })

  it.each([
    ['a trained task', ['--task', 'trees']],
    ['a new card', ['--describe', 'find the tree that stands by the water']],
  ])('exports a head for %s, and apply proves it', async (_what, choice) => {
    const exported = await json(
      'export',
      run,
      ...choice,
      '--format',
      'safetensors',
      '--out',
      join(folder, 'heads'),
    )
    expect(exported.parity).toBeLessThan(1e-5)
    const texts = join(folder, 'texts.txt')
    await writeFile(texts, 'leaves of the oak\nwood for boats\n\n')
    const out = join(folder, 'vectors.npy')
    const applied = await json('apply', exported.file, '--texts', texts, '--out', out)
    expect(applied.parity).toBeLessThan(1e-5)
    const vectors = readNpy(await readFile(out))
    expect([vectors.rows, vectors.columns]).toEqual([3, 384])
    for (let i = 0; i < 3; i++) expect(dot(row(vectors, i), row(vectors, i))).toBeCloseTo(1, 5)
    const { head, origin } = decodeHead(await readFile(exported.file), exported.file)
    expect([head.weight.rows, head.bias.length]).toEqual([384, 384])
    expect(origin.run).toBe(run)
  })

  it('refuses a head that was changed', async () => {
    const { file } = await json(
      'export',
      run,
      '--task',
      'trees',
      '--format',
      'safetensors',
      '--out',
      join(folder, 'heads'),
    )
    const bytes = await readFile(file)
    bytes.writeFloatLE(3, bytes.length - 4000)
    const changed = join(folder, 'changed.safetensors')
    await writeFile(changed, bytes)
    await writeFile(join(folder, 'one.txt'), 'leaves\n')
    const refusal = await commands.refusal(
      'apply',
      changed,
      '--texts',
      join(folder, 'one.txt'),
      '--out',
      join(folder, 'x.npy'),
    )
    expect(refusal).toBe('HEAD_INVALID')
  })

  it.each([
    [['train', '--tasks', 'trees/none'], 'TASK_UNKNOWN'],
    [['train', '--tasks', 'nowhere'], 'DATASET_UNKNOWN'],
    [['train', '--tasks', 'trees', '--preset', 'none'], 'OPTION_UNKNOWN'],
    [['train', '--tasks', 'trees', '--backend', 'none', '--steps', '2'], 'OPTION_UNKNOWN'],
    [['train', '--tasks', 'trees', '--rows', 'none', '--steps', '2'], 'OPTION_UNKNOWN'],
    [['evaluate', 'no-such-run'], 'RUN_UNKNOWN'],
  ])('says what is wrong with %j', async (words, code) => {
    expect(await commands.refusal(...words)).toBe(code)
  })

  it('survives kill -9 in training: the workspace opens and says what was lost', async () => {
    const child = spawn(
      process.execPath,
      [CLI, 'train', '--tasks', 'trees', '--steps', '100000', '--workspace', workspace],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        detached: true,
      },
    )
    await new Promise<void>((ready) => {
      child.stderr.on('data', (data) => {
        if (/[1-9]\d{2,} of 100,000 steps/.test(String(data))) ready()
      })
    })
    process.kill(child.pid!, 'SIGKILL')
    const runs = await json('runs', 'list')
    const killed = runs.find((one: { request: { steps?: number } }) => one.request.steps === 100_000)
    expect(killed.state).toBe('interrupted')
    expect(killed.reason).toMatch(/step/)
    const left = await readdir(join(workspace, 'runs', killed.id))
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([])
    // The killed writer's lock is stale: the next writer gets in.
    expect((await json('evaluate', '--frozen', '--tasks', 'trees')).rows).toHaveLength(1)
  })
})
