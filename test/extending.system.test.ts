import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import ts from 'typescript'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as HeadModule from '../src/main/engine/hypernet/head'
import type * as HypernetworkModule from '../src/main/engine/hypernet/hypernetwork'
import type * as NetworkModule from '../src/main/engine/hypernet/network'
import type * as Measures from '../src/main/engine/measures'
import { row } from '../src/main/engine/numeric/matrix'
import { randomStream } from '../src/main/engine/numeric/random'
import type * as Teachers from '../src/main/engine/teachers'
import type * as Losses from '../src/main/engine/training/losses'
import type { StepScores } from '../src/main/engine/training/losses/loss'
import type * as Overrides from '../src/main/hosts/terminal/arguments/read-overrides'
import type * as Operations from '../src/main/pipeline/operations'
import type * as Registries from '../src/main/services/list-registries'
import { smallDataset, writeFolder } from './engine/datasets/small-dataset'
import { unitRows } from './engine/tiny-task'

const REPOSITORY = resolve(import.meta.dirname, '..')
/** In the checkout, so that the copy finds node_modules; git ignores it. */
const COPY = join(REPOSITORY, 'test', 'output', `extending-${process.pid}`)

interface Example {
  /** `src/main/engine/…`, from the block's first line. */
  readonly path: string
  readonly text: string
}

/** The TypeScript blocks of docs/extending.md, which name their file in their first line. */
async function readExamples(): Promise<Example[]> {
  const page = await readFile(join(REPOSITORY, 'docs', 'extending.md'), 'utf8')
  return [...page.matchAll(/```ts\n\/\/ (src\/\S+\.ts)\n([\s\S]*?)```/g)].map(([, path, text]) => ({
    path,
    text,
  }))
}

let examples: Example[]
let vite: ViteDevServer
const source = async <Module>(path: string) => (await vite.ssrLoadModule(`/src/main/${path}`)) as Module

beforeAll(async () => {
  examples = await readExamples()
  for (const room of ['main', 'shared']) {
    await cp(join(REPOSITORY, 'src', room), join(COPY, 'src', room), { recursive: true })
  }
  for (const { path, text } of examples) {
    await mkdir(dirname(join(COPY, path)), { recursive: true })
    await writeFile(join(COPY, path), text, { flag: 'wx' })
  }
  vite = await createServer({
    root: COPY,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
  })
})
afterAll(async () => {
  await vite.close()
  await rm(COPY, { recursive: true, force: true })
})

describe('the examples of docs/extending.md', () => {
  it('are one head, one loss, one teacher, one measure and one operation', () => {
    expect(examples.map(({ path }) => path)).toEqual([
      'src/main/engine/hypernet/heads/damped.ts',
      'src/main/engine/training/losses/pairwise-hinge.ts',
      'src/main/engine/teachers/shortest.ts',
      'src/main/engine/measures/families/first-rank.ts',
      'src/main/pipeline/datasets/count-words.ts',
    ])
  })

  it('have no error of types', { timeout: 120_000 }, () => {
    const { config } = ts.readConfigFile(join(REPOSITORY, 'tsconfig.base.json'), ts.sys.readFile)
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY)
    const files = examples.map(({ path }) => join(COPY, path))
    const ambient = join(COPY, 'src', 'main', 'import-meta-glob.d.ts')
    const program = ts.createProgram([...files, ambient], {
      ...options,
      types: ['node'],
      lib: ['lib.es2023.d.ts'],
    })
    const found = files.flatMap((file) => program.getSemanticDiagnostics(program.getSourceFile(file)))
    expect(found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  })

  it('are listed once their file lies in the folder, with options and ranges', async () => {
    const { listRegistries } = await source<typeof Registries>('services/list-registries.ts')
    const registries = await listRegistries()
    const find = (kind: string, name: string) =>
      registries.find((one) => one.kind === kind)?.entries.find((one) => one.name === name)
    expect(find('head', 'damped')?.options).toMatchObject([
      { name: 'strength', default: 0.5, min: 0, max: 1 },
    ])
    expect(find('loss', 'pairwise-hinge')?.options).toMatchObject([
      { name: 'margin', default: 0.1, above: true },
    ])
    expect(find('teacher', 'shortest')?.options).toMatchObject([{ name: 'least', type: 'integer' }])
    expect(find('head', 'residual')).toBeDefined()
  })

  it('are flags of the command line', async () => {
    const { readOverrides } = await source<typeof Overrides>('hosts/terminal/arguments/read-overrides.ts')
    const said = { head: 'damped', loss: 'listwise:1,pairwise-hinge:0.5' }
    const set = ['head.strength=0.25', 'pairwise-hinge.margin=0.2']
    expect(await readOverrides({ ...said, set })).toMatchObject({
      head: { name: 'damped', options: { strength: 0.25 } },
      losses: [{ name: 'listwise' }, { name: 'pairwise-hinge', weight: 0.5, options: { margin: 0.2 } }],
    })
    await expect(readOverrides({ ...said, set: ['head.strength=2'] })).rejects.toMatchObject({
      code: 'USAGE',
    })
  })

  it('make a head that folds to what the network computes, half of a residual one', async () => {
    const { createNetwork, defaultNetwork } = await source<typeof NetworkModule>('engine/hypernet/network.ts')
    const { createHypernetwork, greatestDifference } = await source<typeof HypernetworkModule>(
      'engine/hypernet/hypernetwork.ts',
    )
    const { applyHead } = await source<typeof HeadModule>('engine/hypernet/head.ts')
    const d = 12
    const x = unitRows(5, d, 2)
    const vectors = unitRows(6, d, 1)
    const part = (first: number) => ({
      description: row(vectors, first),
      queries: row(vectors, first + 1),
      documents: row(vectors, first + 2),
    })
    const foldedOf = (name: string) => {
      const description = {
        ...defaultNetwork({ dimensions: d, hidden: 8, basis: 3, rank: 2 }),
        head: { name, options: {} },
      }
      const random = randomStream(7, 'weights')
      const parameters = createNetwork(description).initialParameters(random)
      for (const { data } of parameters)
        for (let i = 0; i < data.length; i++) data[i] += 0.2 * random.normal()
      const network = createHypernetwork(description, parameters)
      const folded = network.compile(part(0), part(3))
      const difference = greatestDifference(applyHead(folded, x), network.transform(part(0), part(3), x))
      network.dispose()
      expect(difference).toBeLessThan(1e-5)
      return folded
    }
    const damped = foldedOf('damped')
    const residual = foldedOf('residual')
    damped.bias.forEach((value, i) => {
      expect(value).toBeCloseTo(residual.bias[i] / 2, 5)
    })
    damped.weight.data.forEach((value, i) => {
      const identity = i % (d + 1) === 0 ? 1 : 0
      expect(value - identity).toBeCloseTo((residual.weight.data[i] - identity) / 2, 5)
    })
  })

  it('make a loss with its value and its gradient', async () => {
    const { losses } = await source<typeof Losses>('engine/training/losses/index.ts')
    const spec = losses.find(({ name }) => name === 'pairwise-hinge')!
    const loss = await spec.create({} as Parameters<typeof spec.create>[0], { margin: 0.1 })
    const pairs = {
      queries: Int32Array.of(0, 0),
      better: Int32Array.of(1, 1),
      worse: Int32Array.of(2, 3),
      confidence: Float32Array.of(1, 1),
      margins: Float32Array.of(0, 0),
    }
    const step = [{ corpus: 0, queries: 2, preferences: { pairs } }] as unknown as Parameters<
      typeof loss.value
    >[0]
    const [value, gradient] = tf.tidy(() => {
      const documents = tf.tensor1d([0, 0.5, 0.45, 0.2])
      const scored = (scores: tf.Tensor1D): tf.Scalar =>
        loss.value(step, tf.zeros([2, 1]), [
          {
            queries: tf.zeros([2, 1]),
            pairs: (_queries: Int32Array, rows: Int32Array) => tf.gather(scores, tf.tensor1d(rows, 'int32')),
          } as unknown as StepScores,
        ]).mean
      return [
        scored(documents).dataSync()[0],
        Array.from(
          tf
            .grad(scored as (x: tf.Tensor) => tf.Tensor)(documents)
            .dataSync(),
        ),
      ]
    })
    // Leads of .05 and .3: the first lacks .05 of the margin; two pairs, then two queries.
    expect(value).toBeCloseTo(0.0125, 6)
    ;[0, -0.25, 0.25, 0].forEach((expected, i) => {
      expect((gradient as number[])[i]).toBeCloseTo(expected, 6)
    })
    loss.dispose()
  })

  it('make a teacher that orders', async () => {
    const { createTeacher } = await source<typeof Teachers>('engine/teachers/index.ts')
    const collection = {
      documents: { ids: ['a', 'b', 'c', 'd'], texts: ['long text', '', 'mid', 'x'] },
      queries: { ids: ['q', 'r'], texts: ['one', 'two'] },
      ownDocument: Int32Array.of(-1, 3),
    }
    type Material = Parameters<typeof createTeacher>[1]
    const teacher = await createTeacher('shortest', { collection } as unknown as Material)
    const orders = await teacher.order(Int32Array.of(0, 1), 10)
    expect(orders.map(({ documents }) => [...documents])).toEqual([
      [3, 2, 0],
      [2, 0],
    ])
    await teacher.dispose()
  })

  it('make a measure that parses, prints and scores, behind those that come first', async () => {
    const { parseMeasure, measureSpecs } = await source<typeof Measures>('engine/measures/index.ts')
    const measure = parseMeasure('firstrank@5')
    expect(measure).toMatchObject({ name: 'FirstRank@5', cutoff: 5 })
    expect(measure.score({ grades: [0, 0, 2], ideal: [2] })).toBeCloseTo(0.6, 12)
    expect(measure.score({ grades: [0, 0, 0, 0, 0, 1], ideal: [1] })).toBe(0)
    expect(
      measureSpecs()
        .map(({ name }) => name)
        .at(-1),
    ).toBe('FirstRank')
  })

  it('make an operation that the worker finds by its name and runs', async () => {
    const { operations } = await source<typeof Operations>('pipeline/operations.ts')
    const workspace = join(COPY, 'workspace')
    const context = {
      workspace,
      appRoot: REPOSITORY,
      signal: new AbortController().signal,
      now: () => new Date(),
      emit() {},
    }
    const run = (name: string, input: object) => {
      const operation = operations.get(name)!
      return operation.run(
        operation.input.parse(input),
        context as unknown as Parameters<typeof operation.run>[1],
      )
    }
    await run('import-dataset', {
      source: writeFolder(join(workspace, 'source'), smallDataset()),
      id: 'tiny',
    })
    expect(operations.get('count-words')).toMatchObject({ session: true })
    expect(await run('count-words', { dataset: 'tiny' })).toEqual({ words: 18 })
  })
})
