import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveModel } from '../src/main/engine/encoders/model-folder'
import { openModelEncoder } from '../src/main/engine/encoders/open-encoder'
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
import { DEFAULT_ENCODER } from '../src/shared/default-encoder'
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

/** Why an example in Python cannot run here, or null. */
function missingPython(script: string, modules: readonly string[]): string | null {
  const { status, error } = spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`])
  if (status === 0) return null
  const why = error ? `no ${PYTHON}` : `${PYTHON} has not all of ${modules.join(', ')} (pip install them)`
  console.log(`skipped: examples/${script}, ${why}`)
  return why
}
const noPython = missingPython('use_head.py', ['numpy', 'safetensors.numpy'])
const noCompiler = missingPython('compile_card.py', ['numpy', 'onnxruntime', 'tokenizers'])

/** The encoder's own vectors. */
async function encodeTexts(texts: readonly string[]): Promise<Matrix> {
  const encoder = await openModelEncoder(
    await resolveModel(DEFAULT_ENCODER, [join(ROOT, 'resources/models')]),
  )
  try {
    return await encoder.encode(texts)
  } finally {
    await encoder.dispose()
  }
}

/** Made once, by whichever example asks first. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null
  return () => {
    made ??= make()
    return made
  }
}

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

/** A head of the run, and what `hydra apply` makes of texts with it. */
const appliedHead = once(async () => {
  // That of the card, whatever the run would rather hand out for so small a collection.
  const [{ id }] = await hydra('runs', 'list')
  const own = ['--hand-out', 'task-card', '--out', at('own')]
  const { file: head } = await hydra('export', id, '--task', 'harbour', ...own)
  const texts = ['where do boats lie?', 'string instrument', 'the sea at night']
  await writeFile(at('texts.txt'), `${texts.join('\n')}\n`)
  await hydra('apply', head, '--texts', at('texts.txt'), '--out', at('applied.npy'))
  return { head, raw: await encodeTexts(texts), applied: readNpy(await readFile(at('applied.npy'))) }
})

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
    const { head, raw, applied } = await appliedHead()
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

const CARDS = {
  described: {
    id: 'described',
    name: 'Sounds',
    description: ' find the instrument that one hears ',
    domain: 'music',
  },
  shown: {
    id: 'shown',
    name: 'Sounds',
    description: 'find the instrument that one hears',
    queryType: 'a question',
    examples: [
      { query: 'what has a bow?', document: 'a violin and its bow' },
      { query: 'who sails?', document: 'ships at the pier' },
    ],
  },
}
const QUERY = 'the sea at night'

/** The run's compiler, and what the head of each card, exported alone, makes of the query. */
const compiler = once(async () => {
  const [{ id }] = await hydra('runs', 'list')
  const own = ['--hand-out', 'task-card', '--out']
  const { folder } = await hydra('export', id, '--format', 'compiler', ...own, at('compilers'))
  const documents = [
    'Harbour ships at the pier',
    'a violin and its bow',
    'bread from the oven',
    'the sea at night',
  ]
  const raw = await encodeTexts([QUERY, ...documents])
  const query = createMatrix(1, 384, raw.data.slice(0, 384))
  await writeFile(at('documents.npy'), writeNpy(createMatrix(4, 384, raw.data.slice(384))))
  const expected: Record<string, Matrix> = {}
  for (const [name, card] of Object.entries(CARDS)) {
    await writeFile(at(`${name}.json`), JSON.stringify(card))
    const { file } = await hydra('export', id, '--card', at(`${name}.json`), ...own, at('own'))
    expected[name] = applyHead(decodeHead(await readFile(file), file).head, query)
  }
  return { folder, query, expected }
})

describe.each([
  ['compile-card.mjs', null, (...words: string[]) => example('compile-card.mjs', ...words)],
  [
    'compile_card.py',
    noCompiler,
    (...words: string[]) => start(PYTHON, [join(ROOT, 'examples', 'compile_card.py'), ...words]),
  ],
])('examples/%s', { timeout: 120_000 }, (_name, missing, compile) => {
  it.skipIf(missing).each(['described', 'shown'])(
    'gives the vector of an export of that one card: %s',
    async (name) => {
      const { folder, query, expected } = await compiler()
      // A card that shows no document is compiled with those that are nearest to it.
      const beside = name === 'described' ? ['--corpus', 'harbour', '--documents', at('documents.npy')] : []
      const { code, stdout, stderr } = await compile(folder, at(`${name}.json`), QUERY, ...beside)
      expect(code, stderr).toBe(0)
      const { vector } = JSON.parse(stdout)
      const got = createMatrix(1, vector.length, Float32Array.from(vector))
      expect(greatestDifference(got, expected[name])).toBeLessThan(PARITY)
      expect(greatestDifference(got, query)).toBeGreaterThan(100 * PARITY)
    },
  )

  it.skipIf(missing)('refuses what it cannot compile', async () => {
    const { folder } = await compiler()
    await writeFile(at('narrow.npy'), writeNpy(unitRows(3, 5, 1)))
    for (const words of [
      [folder, at('described.json'), QUERY],
      [folder, at('shown.json'), QUERY, '--corpus', 'nowhere'],
      [folder, at('shown.json'), QUERY, '--documents', at('narrow.npy')],
      [folder, at('nowhere.json'), QUERY],
      [at('own'), at('shown.json'), QUERY],
    ]) {
      const failed = await compile(...words)
      expect([words, failed.code, failed.stdout]).toEqual([words, 1, ''])
      expect(failed.stderr).not.toMatch(/Traceback|\n {4}at /)
    }
  })
})
