import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resolveModel } from '../src/main/engine/encoders/model-folder'
import { openModelEncoder } from '../src/main/engine/encoders/open-encoder'
import { certificateSchema } from '../src/main/engine/exporting/certificate'
import { decodeHead } from '../src/main/engine/exporting/head-file'
import { writeNpy } from '../src/main/engine/formats/npy'
import { applyHead } from '../src/main/engine/hypernet/head'
import { greatestDifference } from '../src/main/engine/hypernet/hypernetwork'
import { createMatrix, dot, type Matrix, row } from '../src/main/engine/numeric/matrix'
import { verdictSchema } from '../src/shared/schemas/verdict'
import { type Commands, commandLine } from './command-line'
import { missingBrowser, openBrowser, openPage } from './e2e/open-browser'
import { readNpy } from './read-npy'
import { PYTHON, pythonHas, runPython, runTransformers, snippetsOf } from './readme-snippets'
import { writeTrees } from './tree-collection'

/** The command line on the real engine: from a folder of files to a head that is proved. */

let folder: string
let workspace: string
let run: string
let commands: Commands

const json: Commands['json'] = (...words) => commands.json(...words)

const MODELS = resolve(import.meta.dirname, '..', 'resources', 'models')
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
      json('train', '--tasks', 'trees', '--steps', '8', '--seed', '3', ...words)
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

  it('pushes the collection to an index, which a card searches as it does here', async () => {
    const status = await json('index', 'push', '--collection', 'trees', '--engine', 'memory')
    const { documents } = status.manifest
    expect(status).toMatchObject({ rows: documents, current: true, pushed: { written: documents, kept: 0 } })
    const asked = ['--query', 'old wood', '--k', '5', '--task', 'trees', '--hand-out', 'task-card']
    const found = await json('index', 'search', 'trees', '--run', run, ...asked)
    const ours = await json('search', run, ...asked)
    const documentsOf = (hits: { document: string }[]) => hits.map(({ document }) => document)
    const idsOf = (hits: { id: string }[]) => hits.map(({ id }) => id)
    expect(idsOf(found.frozen)).toEqual(documentsOf(ours.frozen))
    expect(idsOf(found.conditioned)).toEqual(documentsOf(ours.conditioned))
    const again = await json('index', 'push', '--collection', 'trees')
    expect(again).toMatchObject({
      manifest: status.manifest,
      pushed: { written: 0, kept: documents, deleted: 0 },
    })
    expect(await json('index', 'drop', 'trees')).toEqual({ name: 'trees', engine: 'memory' })
    expect(await commands.refusal('index', 'search', 'trees', '--query', 'old wood')).toBe('INDEX_UNKNOWN')
  })

  it.each([
    ['a trained task', ['--task', 'trees']],
    ['a trained task, whatever the rule says', ['--task', 'trees', '--hand-out', 'task-card']],
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
    expect(exported.handedOut).toMatch(/^Handed out/)
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
    expect(origin.handedOut?.words).toBe(exported.handedOut)
  })

  describe('exports', () => {
    /** What the snippets encode. */
    const TEXTS = ['leaves of the oak', 'wood for boats']
    let vectors: Matrix
    let expected: Matrix

    beforeAll(async () => {
      const encoder = await openModelEncoder(await resolveModel('all-MiniLM-L6-v2', [MODELS]))
      vectors = await encoder.encode(TEXTS)
      await encoder.dispose()
      const { file } = await exported('safetensors')
      expected = applyHead(decodeHead(await readFile(file), file).head, vectors)
    })

    /** Each format is exported once: a process takes its seconds to begin. */
    const made = new Map<string, ReturnType<typeof json>>()
    function exported(format: string) {
      const out = join(folder, 'exports')
      // Twelve steps are better than the encoder by no more than noise: the rule would hand out that.
      const card = ['--task', 'trees', '--hand-out', 'task-card']
      const start = () => json('export', run, ...card, '--format', format, '--out', out)
      made.set(format, made.get(format) ?? start())
      return made.get(format)!
    }

    const close = (got: Matrix) => {
      expect([got.rows, got.columns]).toEqual([2, 384])
      expect(greatestDifference(got, expected)).toBeLessThan(1e-5)
    }

    it.each([
      ['safetensors', ['head']],
      ['npz', ['head']],
      ['javascript', ['head']],
      ['onnx', ['head', 'encoder and head']],
      ['sentence-transformers', ['weights of the modules']],
      ['card-bundle', ['head']],
    ])('as %s, proved by what was run, with a README of the run’s own figures', async (format, parts) => {
      const { folder: place, file, files, parts: proved } = await exported(format)
      expect(proved.map(({ part }: { part: string }) => part)).toEqual(parts)
      for (const { difference } of proved) expect(difference).toBeLessThan(1e-5)
      const entries = file.endsWith('.zip')
        ? unzipSync(await readFile(file))
        : Object.fromEntries(
            await Promise.all(
              files.map(async (name: string) => [name, await readFile(join(place, name))] as const),
            ),
          )
      const text = (name: string) => Buffer.from(entries[name]).toString('utf8')
      const certificate = certificateSchema.parse(JSON.parse(text('certificate.json')))
      expect(Object.keys(entries).sort()).toEqual(
        [...Object.keys(certificate.files), 'certificate.json'].sort(),
      )
      const { words, limits } = JSON.parse(
        await readFile(join(workspace, 'runs', run, 'results.json'), 'utf8'),
      )
      for (const said of [words, ...limits, 'Apache-2.0']) expect(text('README.md')).toContain(said)
    })

    it.for([
      ['safetensors', ['numpy', 'safetensors'], 1],
      ['npz', ['numpy'], 1],
      ['onnx', ['numpy', 'onnxruntime', 'tokenizers'], 2],
    ] as const)(
      'as %s, whose snippets in Python give the engine’s vectors',
      async ([format, modules, count], { skip }) => {
        skip(!pythonHas(modules, `snippets of ${format}`))
        const { folder: place } = await exported(format)
        await writeFile(join(place, 'queries.npy'), writeNpy(vectors))
        const snippets = await snippetsOf(place, 'python')
        expect(snippets).toHaveLength(count)
        for (const code of snippets) close(readNpy(await readFile(await runPython(place, code))))
      },
    )

    it('as a module, whose snippet for transformers.js gives the engine’s vectors', async () => {
      const { folder: place } = await exported('javascript')
      const [code] = await snippetsOf(place, 'javascript')
      const rows = await runTransformers(place, code, 'Xenova/all-MiniLM-L6-v2')
      close(createMatrix(rows.length, 384, Float32Array.from(rows.flat())))
    })

    it.skipIf(missingBrowser())('as a module that runs in Chromium', async () => {
      const { file } = await exported('javascript')
      const module = `data:text/javascript;base64,${(await readFile(file)).toString('base64')}`
      const browser = await openBrowser()
      try {
        const { page } = await openPage(browser)
        const given = JSON.stringify([0, 1].map((n) => [...row(vectors, n)]))
        const rows = await page.evaluate<number[][]>(
          `import(${JSON.stringify(module)}).then(({ adaptQuery }) => ${given}.map((vector) => [...adaptQuery(vector)]))`,
        )
        close(createMatrix(2, 384, Float32Array.from(rows.flat())))
      } finally {
        await browser.close()
      }
    })

    it.each([
      [['--format', 'none'], 'OPTION_UNKNOWN'],
      [['--format', 'onnx', '--set', 'graph=none'], 'USAGE'],
      [['--format', 'npz', '--set', 'graph=head'], 'OPTION_UNKNOWN'],
    ])('not with %j', async (words, code) => {
      expect(await commands.refusal('export', run, '--task', 'trees', ...words)).toBe(code)
    })
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
})
