import * as ort from 'onnxruntime-node'
import { expect, it } from 'vitest'
import { meanRow } from '../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../src/main/engine/preferences/encoded-collection'
import { chooseBackend } from '../../src/main/engine/training/choose-backend'
import { listwiseGraph } from '../../src/main/engine/training/losses/softmax/listwise-graph'
import { resolveRecipe } from '../../src/main/engine/training/recipes/recipes'
import { trainNetwork } from '../../src/main/engine/training/trainer'
import type { Recipe } from '../../src/shared/schemas/run'
import { judge, tinyTasks, unitRows } from '../engine/tiny-task'
import { median } from './median'

const DIMENSIONS = 384
const STEPS = 40
/** Steps that compile kernels and fill buffers. */
const WARM = 5

/**
 * A step of `recommended` on wasm, with its corpus-sized loss in ONNX Runtime beside it, against what ONNX Runtime needs for that
 * loss alone, forward and backward on one thread: the prototype's step took 5.4 times that.
 */
it.each([
  // SciFact's size: one corpus, every document a candidate.
  { name: 'few tasks', tasks: 1, documents: 5183, queries: 809, most: 5 },
  // The candidates are sampled.
  { name: 'many tasks', tasks: 60, documents: 20_000, queries: 1200, most: 10 },
])('a step of `recommended`, $name', async ({ name, tasks, documents, queries, most }) => {
  const recipe = resolveRecipe('recommended', tasks, STEPS)
  const step = await stepMilliseconds(madeTasks(tasks, documents, queries), recipe)
  const raw = await rawMilliseconds(recipe.queriesPerStep, Math.min(documents, recipe.candidates))
  const ratio = step / raw
  console.log(
    `${name.padEnd(10)} step ${step.toFixed(1)} ms, its corpus part alone in ONNX Runtime ${raw.toFixed(1)} ms: ${ratio.toFixed(1)} ×`,
  )
  // Alone on two cores 3.9 and 6.7 to 7.7 (docs/performance.md).
  expect(ratio).toBeLessThan(most)
})

it('eight cards over as many small corpora are no slower than eight over one large corpus', async () => {
  const recipe = resolveRecipe('corpora', 60, STEPS)
  const small = Array.from({ length: 60 }, (_, i) => madeTasks(1, 60, 40, `small${i}`)).flat()
  const several = await stepMilliseconds(small, recipe)
  const one = await stepMilliseconds(madeTasks(60, 3600, 2400), { ...recipe, corporaPerStep: 1 })
  console.log(
    `${recipe.queriesPerStep} queries: ${several.toFixed(1)} ms over ${recipe.corporaPerStep} of 60 corpora with 60 documents each, ${one.toFixed(1)} ms over one with 3,600: ${(several / one).toFixed(2)} ×`,
  )
  // Alone on two cores .96.
  expect(several / one).toBeLessThan(1.2)
})

/** Median of the steps after the first ones. */
async function stepMilliseconds(tasks: EncodedTask[], recipe: Recipe): Promise<number> {
  await chooseBackend('wasm')
  const at: number[] = []
  await trainNetwork({
    tasks,
    descriptionMean: meanRow(tasks[0].wordings),
    recipe: { ...recipe, devEvery: STEPS },
    system: 'task card',
    seed: 1,
    onStep: () => at.push(performance.now()),
    measureDev: async () => 1,
  })
  return median(at.slice(WARM).map((time, i) => time - at[WARM + i - 1]))
}

/** The loss's graph alone, candidates gathered and everything else at hand. */
async function rawMilliseconds(queries: number, candidates: number): Promise<number> {
  const session = await ort.InferenceSession.create(listwiseGraph(DIMENSIONS, 0.05), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  })
  const feeds = {
    queries: new ort.Tensor('float32', unitRows(queries, DIMENSIONS, 1).data, [queries, DIMENSIONS]),
    candidates: new ort.Tensor('float32', unitRows(candidates, DIMENSIONS, 2).data, [candidates, DIMENSIONS]),
    mask: new ort.Tensor('float32', new Float32Array(queries * candidates), [queries, candidates]),
    targets: new ort.Tensor(
      'int64',
      BigInt64Array.from({ length: 2 * queries }, (_, i) => BigInt(i % 2 ? 0 : i / 2)),
      [queries, 2],
    ),
  }
  const times: number[] = []
  for (let round = 0; round < WARM + STEPS; round++) {
    const started = performance.now()
    await session.run(feeds)
    times.push(performance.now() - started)
  }
  await session.release()
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
