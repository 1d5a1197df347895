import { Tensor } from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { createDirectSession, matrixFeed } from '../../src/main/engine/formats/direct-session'
import { meanRow } from '../../src/main/engine/numeric/matrix'
import { randomStream } from '../../src/main/engine/numeric/random'
import type { EncodedTask } from '../../src/main/engine/preferences/encoded-collection'
import { isInstalled } from '../../src/main/engine/registry/installed-package'
import { chooseBackend } from '../../src/main/engine/training/choose-backend'
import { listwiseGraph } from '../../src/main/engine/training/losses/softmax/listwise-graph'
import { resolveRecipe } from '../../src/main/engine/training/recipes/recipes'
import { trainNetwork } from '../../src/main/engine/training/trainer'
import { collectSeldom } from '../../src/main/pipeline/training/collect-garbage'
import { trainingThreads } from '../../src/main/pipeline/training/training-processes'
import type { Recipe } from '../../src/shared/schemas/run'
import { judge, tinyTasks, unitRows } from '../engine/tiny-task'
import { median } from './median'

const DIMENSIONS = 384
const STEPS = 40
/** Steps that compile kernels and fill buffers. */
const WARM = 5
/** Queries of one task in a step at most. */
const MOST_OF_A_TASK = 64

/**
 * A step of `recommended` on wasm against what ONNX Runtime needs for its corpus part alone, forward and backward on one thread:
 * with the candidates at hand, and with new ones each time, which it gathers from the corpus as in a step. The prototype's step
 * took 5.4 times the former.
 */
it.each([
  // SciFact's size: one corpus, every document a candidate.
  { name: 'few tasks', tasks: 1, documents: 5183, queries: 809 },
  // The candidates are sampled.
  { name: 'many tasks', tasks: 60, documents: 20_000, queries: 1200 },
])('a step of `recommended`, $name', async ({ name, tasks, documents, queries }) => {
  const recipe = resolveRecipe('recommended', tasks, STEPS)
  const candidates = Math.min(documents, recipe.candidates)
  const step = await stepMilliseconds(madeTasks(tasks, documents, queries), recipe)
  const rows = Math.min(recipe.queriesPerStep, MOST_OF_A_TASK * tasks)
  const atHand = await rawMilliseconds(rows, candidates, null)
  const gathered = candidates < documents ? await rawMilliseconds(rows, candidates, documents) : atHand
  console.log(
    `${name.padEnd(10)} step ${step.toFixed(1)} ms, its corpus part alone in ONNX Runtime ${gathered.toFixed(1)} ms: ` +
      `${(step / gathered).toFixed(1)} ×; ${atHand.toFixed(1)} ms with the candidates at hand: ${(step / atHand).toFixed(1)} ×`,
  )
  expect(step / gathered).toBeLessThan(4)
})

it.skipIf(!isInstalled('@tensorflow/tfjs-node'))(
  'a step of `recommended` on wasm takes no more than 1.5 times one on TensorFlow’s own library',
  async () => {
    for (const [tasks, documents, queries] of [
      [1, 5183, 809],
      [60, 20_000, 1200],
    ]) {
      const recipe = resolveRecipe('recommended', tasks, STEPS)
      const made = madeTasks(tasks, documents, queries)
      const times = { wasm: [] as number[], 'tfjs-node': [] as number[] }
      // In turn: what else goes on meets both.
      for (let round = 0; round < 3; round++)
        for (const backend of ['wasm', 'tfjs-node'] as const)
          times[backend].push(await stepMilliseconds(made, recipe, backend))
      const [wasm, native] = [median(times.wasm), median(times['tfjs-node'])]
      console.log(
        `${tasks === 1 ? 'few tasks ' : 'many tasks'} wasm ${wasm.toFixed(1)} ms, tfjs-node ${native.toFixed(1)} ms: ${(wasm / native).toFixed(2)} ×`,
      )
      expect(wasm / native).toBeLessThan(1.5)
    }
  },
)

it('eight cards over as many small corpora are no slower than eight over one large corpus', async () => {
  const recipe = resolveRecipe('corpora', 60, STEPS)
  const small = Array.from({ length: 60 }, (_, i) => madeTasks(1, 60, 40, `small${i}`)).flat()
  const several = await stepMilliseconds(small, recipe)
  const one = await stepMilliseconds(madeTasks(60, 3600, 2400), { ...recipe, corporaPerStep: 1 })
  console.log(
    `${recipe.queriesPerStep} queries: ${several.toFixed(1)} ms over ${recipe.corporaPerStep} of 60 corpora with 60 documents each, ${one.toFixed(1)} ms over one with 3,600: ${(several / one).toFixed(2)} ×`,
  )
  // Alone on two cores .65 to .93.
  expect(several / one).toBeLessThan(1.2)
})

/** Median of the steps after the first ones. */
async function stepMilliseconds(tasks: EncodedTask[], recipe: Recipe, backend = 'wasm'): Promise<number> {
  collectSeldom()
  await chooseBackend(backend)
  const at: number[] = []
  await trainNetwork({
    tasks,
    descriptionMean: meanRow(tasks[0].wordings),
    recipe: { ...recipe, devEvery: STEPS },
    system: 'task card',
    seed: 1,
    threads: trainingThreads(1),
    onStep: () => at.push(performance.now()),
    measureDev: async () => 1,
  })
  return median(at.slice(WARM).map((time, i) => time - at[WARM + i - 1]))
}

/** The loss's graph alone, everything else at hand. @param documents of which the candidates are drawn each time; null: at hand */
async function rawMilliseconds(
  queries: number,
  candidates: number,
  documents: number | null,
): Promise<number> {
  const graph = listwiseGraph(DIMENSIONS, 0.05, documents === null ? 'candidates' : 'corpus')
  const session = createDirectSession(graph, 1)
  const rows = documents ?? candidates
  const corpus = matrixFeed(unitRows(rows, DIMENSIONS, 2).data, rows, DIMENSIONS)
  const random = randomStream(1, 'bench candidates')
  const pairs = BigInt64Array.from({ length: 2 * queries }, (_, i) => BigInt(i % 2 ? 0 : i / 2))
  const feeds = {
    queries: matrixFeed(unitRows(queries, DIMENSIONS, 1).data, queries, DIMENSIONS),
    mask: matrixFeed(new Float32Array(queries * candidates), queries, candidates),
    targets: new Tensor('int64', pairs, [queries, 2]),
    shares: new Tensor('float32', new Float32Array(queries).fill(1), [queries]),
  }
  const pull = matrixFeed(new Float32Array(queries * DIMENSIONS), queries, DIMENSIONS)
  const times: number[] = []
  for (let round = 0; round < WARM + STEPS; round++) {
    const chosen = BigInt64Array.from({ length: candidates }, () => BigInt(random.integer(rows)))
    const drawn: Record<string, Tensor> =
      documents === null
        ? { candidates: corpus }
        : { corpus, chosen: new Tensor('int64', chosen, [candidates]) }
    const started = performance.now()
    session.run({ ...feeds, ...drawn }, { logp: null, pull })
    times.push(performance.now() - started)
  }
  session.release()
  return median(times.slice(WARM))
}

/** Cards over one corpus of random vectors, each query with one relevant document. */
function madeTasks(tasks: number, documents: number, queries: number, id?: string): EncodedTask[] {
  const each = Math.floor(queries / tasks)
  const some = (from: number, to: number) =>
    judge(Array.from({ length: to - from }, (_, i) => [from + i, from + i, 1] as const))
  return tinyTasks({
    id,
    documents,
    queries: queries + 2,
    dimensions: DIMENSIONS,
    cards: Array.from({ length: tasks }, (_, task) => ({
      id: `card${task}`,
      train: some(task * each, (task + 1) * each),
      dev: some(queries, queries + 1),
      test: some(queries + 1, queries + 2),
    })),
  })
}
