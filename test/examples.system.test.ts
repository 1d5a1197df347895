import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  decodeHead,
  encodeHead,
  type HeadOrigin,
  type HeadPair,
} from '../src/main/engine/exporting/head-file'
import { writeNpy } from '../src/main/engine/formats/npy'
import { type AffineHead, applyHead } from '../src/main/engine/hypernet/head'
import { greatestDifference } from '../src/main/engine/hypernet/hypernetwork'
import { createMatrix, type Matrix } from '../src/main/engine/numeric/matrix'
import { randomStream } from '../src/main/engine/numeric/random'
import { type Commands, commandLine } from './command-line'
import { smallDataset, writeFolder } from './engine/datasets/small-dataset'
import { unitRows } from './engine/tiny-task'
import { readNpy } from './read-npy'

const ROOT = resolve(import.meta.dirname, '..')
const PYTHON = process.env.PYTHON ?? 'python3'
const PARITY = 1e-5

let folder: string
let trained: { code: number; stdout: string; stderr: string }
const at = (name: string) => join(folder, name)

function start(program: string, words: readonly string[]): Promise<typeof trained> {
  return new Promise((done) => {
    execFile(
      program,
      words,
      { env: { ...process.env, HYDRA_WORKSPACE: at('workspace') } },
      (error, stdout, stderr) =>
        done({ code: error ? ((error.code as unknown as number) ?? 1) : 0, stdout, stderr }),
    )
  })
}

const example = (name: string, ...words: string[]) =>
  start(process.execPath, [join(ROOT, 'examples', name), ...words])

const hydra: Commands['json'] = (...words) => commandLine(at('workspace')).json(...words)

/** Why the example in Python cannot run here, or null. */
function missingPython(): string | null {
  const { status, error } = spawnSync(PYTHON, ['-c', 'import numpy, safetensors.numpy'])
  if (status === 0) return null
  return error ? `no ${PYTHON}` : `${PYTHON} has no numpy and safetensors (pip install numpy safetensors)`
}
const noPython = missingPython()
if (noPython) console.log(`skipped: examples/use_head.py, ${noPython}`)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hydra-examples-'))
  const source = writeFolder(at('harbour'), smallDataset())
  trained = await example('train-own-dataset.mjs', source, '--steps', '8', '--out', at('heads'))
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('examples/train-own-dataset.mjs', { timeout: 60_000 }, () => {
  it('prints the verdict’s words and exports a head of the run', async () => {
    expect(trained.code, trained.stderr).toBe(0)
    const [{ id }] = await hydra('runs', 'list')
    const results = JSON.parse(await readFile(at(`workspace/runs/${id}/results.json`), 'utf8'))
    expect(trained.stdout).toContain(results.words)
    const [, file] = /^Head of harbour: (.+)$/m.exec(trained.stdout)!
    expect(decodeHead(await readFile(file), file).origin).toMatchObject({ run: id, dataset: 'harbour' })
  })

  it('says what it is busy with, each phase once', () => {
    const phases = trained.stderr.split('\n').filter((line) => line.startsWith('… '))
    expect(phases.length).toBeGreaterThan(2)
    expect(new Set(phases).size).toBe(phases.length)
  })

  it.each([
    [[], 2, 'usage: '],
    [['a', 'b'], 2, 'usage: '],
    [['a', '--nonsense'], 2, 'usage: '],
    [['nowhere'], 1, 'FILE_MISSING'],
    [['examples'], 1, 'DATASET_LAYOUT'],
  ])('%j ends with %i and %s', async (words, code, word) => {
    const failed = await example('train-own-dataset.mjs', ...words)
    expect([failed.code, failed.stdout], failed.stderr).toEqual([code, ''])
    expect(failed.stderr).toContain(word)
  })
})

const ORIGIN: HeadOrigin = {
  run: 'none',
  dataset: 'none',
  card: { version: 1, id: 'none', name: 'none', description: 'none', examples: [], wordings: [] },
  encoder: 'all-MiniLM-L6-v2',
  encoderSha256: '',
  parity: 0,
}

/** A head of 6 outputs for 5 dimensions, with layer normalisation, and one for documents without. */
function madeHeads(): HeadPair & { readonly documents: AffineHead } {
  const random = randomStream(1, 'made heads')
  const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal())
  const norm = { scale: numbers(6), shift: numbers(6) }
  return {
    head: { weight: createMatrix(6, 5, numbers(30)), bias: numbers(6), norm },
    documents: { weight: createMatrix(6, 5, numbers(30)), bias: numbers(6) },
  }
}

describe.each([
  ['use-head.mjs', null, (...words: string[]) => example('use-head.mjs', ...words)],
  [
    'use_head.py',
    noPython,
    (...words: string[]) => start(PYTHON, [join(ROOT, 'examples', 'use_head.py'), ...words]),
  ],
])('examples/%s', { timeout: 60_000 }, (_name, missing, use) => {
  const vectors = unitRows(7, 5, 3)

  async function through(head: string, x: Matrix, ...words: string[]): Promise<Matrix> {
    await writeFile(at('x.npy'), writeNpy(x))
    const { code, stderr } = await use(head, at('x.npy'), at('y.npy'), ...words)
    expect(code, stderr).toBe(0)
    return readNpy(await readFile(at('y.npy')))
  }

  it.skipIf(missing)('agrees with hydra apply', async () => {
    // That of the card, whatever the run would rather hand out for so small a collection.
    const [{ id }] = await hydra('runs', 'list')
    const own = ['--hand-out', 'task-card', '--out', at('own')]
    const { file: head } = await hydra('export', id, '--task', 'harbour', ...own)
    await writeFile(at('texts.txt'), 'where do boats lie?\nstring instrument\nthe sea at night\n')
    // The encoder's own vectors: what a head that changes nothing answers.
    const { origin } = decodeHead(await readFile(head), head)
    const identity = createMatrix(384, 384)
    for (let i = 0; i < 384; i++) identity.data[i * 384 + i] = 1
    const unchanged = { head: { weight: identity, bias: new Float32Array(384) }, documents: null }
    await writeFile(at('identity.safetensors'), encodeHead(unchanged, { ...origin, run: 'none' }))
    await hydra('apply', at('identity.safetensors'), '--texts', at('texts.txt'), '--out', at('raw.npy'))
    await hydra('apply', head, '--texts', at('texts.txt'), '--out', at('applied.npy'))
    const raw = readNpy(await readFile(at('raw.npy')))
    const applied = readNpy(await readFile(at('applied.npy')))
    expect(greatestDifference(raw, applied)).toBeGreaterThan(100 * PARITY)
    expect(greatestDifference(await through(head, raw), applied)).toBeLessThan(PARITY)
  })

  it.skipIf(missing)('knows layer normalisation, other dimensions, and documents', async () => {
    const heads = madeHeads()
    await writeFile(at('made.safetensors'), encodeHead(heads, ORIGIN))
    const queries = await through(at('made.safetensors'), vectors)
    expect(greatestDifference(queries, applyHead(heads.head, vectors))).toBeLessThan(PARITY)
    const documents = await through(at('made.safetensors'), vectors, '--documents')
    expect(greatestDifference(documents, applyHead(heads.documents, vectors))).toBeLessThan(PARITY)
  })

  it.skipIf(missing)('refuses what would give wrong vectors in silence', async () => {
    const { head } = madeHeads()
    await writeFile(at('queries.safetensors'), encodeHead({ head, documents: null }, ORIGIN))
    await writeFile(at('unit.npy'), writeNpy(vectors))
    await writeFile(
      at('long.npy'),
      writeNpy(
        createMatrix(
          7,
          5,
          vectors.data.map((value) => 2 * value),
        ),
      ),
    )
    await writeFile(at('wide.npy'), writeNpy(unitRows(7, 6, 3)))
    await writeFile(at('half.safetensors'), (await readFile(at('queries.safetensors'))).subarray(0, -8))
    for (const words of [
      ['queries.safetensors', 'long.npy'],
      ['queries.safetensors', 'wide.npy'],
      ['queries.safetensors', 'nowhere.npy'],
      ['queries.safetensors', 'queries.safetensors'],
      ['queries.safetensors', 'unit.npy', '--documents'],
      ['half.safetensors', 'unit.npy'],
      ['unit.npy', 'unit.npy'],
    ]) {
      const [first, second, ...rest] = words
      const failed = await use(at(first), at(second), at('none.npy'), ...rest)
      expect([words, failed.code, failed.stdout]).toEqual([words, 1, ''])
      expect(failed.stderr).not.toMatch(/Traceback|\n {4}at /)
      await expect(readFile(at('none.npy'))).rejects.toThrow('ENOENT')
    }
  })
})

describe('examples/team-draft.mjs', async () => {
  const { teamDraft } = await import(pathToFileURL(join(ROOT, 'examples', 'team-draft.mjs')).href)

  it('shows each document once, the best of both first, and either side first as the coin says', () => {
    const [a, b] = [
      ['x', 'y', 'z'],
      ['y', 'w', 'x'],
    ]
    expect(teamDraft(a, b, 4, () => 0)).toEqual(['x', 'y', 'z', 'w'])
    expect(teamDraft(a, b, 4, () => 0.9)).toEqual(['y', 'x', 'w', 'z'])
    expect(teamDraft(a, b, 3, () => 0.9)).toEqual(['y', 'x', 'w'])
    expect(teamDraft(a, [], 9)).toEqual(a)
    expect(teamDraft([], [], 9)).toEqual([])
  })
})
