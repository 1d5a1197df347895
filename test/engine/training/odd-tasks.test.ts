import { beforeAll, describe, expect, it } from 'vitest'
import { scoreLadder } from '../../../src/main/engine/evaluation/ladder'
import { parseMeasure } from '../../../src/main/engine/measures'
import { inMemory, meanRow, row } from '../../../src/main/engine/numeric/matrix'
import { calibrateLists } from '../../../src/main/engine/preferences/calibrated-lists'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { type TrainerOptions, trainNetwork } from '../../../src/main/engine/training/trainer'
import { judge, tinyTasks } from '../tiny-task'
import { tinyRecipe, tinyTraining, tinyTrainingTasks } from './tiny-training'

const one = (query: number, document: number) => judge([[query, document, 1]])

/** Trains on these and scores every row that needs no network, as a run would. */
async function trainAndScore(tasks: readonly EncodedTask[], change: Partial<TrainerOptions> = {}) {
  const losses: number[] = []
  const trained = await trainNetwork(
    tinyTraining({
      tasks,
      recipe: tinyRecipe({ steps: 8, devEvery: 4 }),
      onStep: (_, { loss }) => void losses.push(loss),
      measureDev: async () => 0.5,
      ...change,
    }),
  )
  const mean = meanRow(tasks[0].wordings)
  const tables = await scoreLadder({
    seen: tasks,
    unseen: [],
    controlMean: mean,
    networkMean: mean,
    networks: {},
    measures: [parseMeasure('nDCG@10')],
    feedbackWeight: 0,
    rows: [],
    seed: 1,
    mostExamples: 16,
  })
  return {
    losses,
    weights: trained.parameters.flatMap(({ data }) => [...data]),
    scores: tables.flatMap(({ systems }) =>
      systems.flatMap(({ tasks: scored }) => scored.flatMap(({ values }) => [...values.get('nDCG@10')!])),
    ),
  }
}

async function expectSound(trained: Promise<Awaited<ReturnType<typeof trainAndScore>>>) {
  const { losses, weights, scores } = await trained
  expect(losses).toHaveLength(8)
  for (const value of [...losses, ...weights, ...scores]) expect(Number.isFinite(value)).toBe(true)
  expect(scores.length).toBeGreaterThan(0)
  return { losses, scores }
}

describe('a training on', () => {
  beforeAll(async () => {
    await chooseBackend('cpu')
  })

  it('a single train query shows it on its card and asks it too', async () => {
    const cards = [{ id: 'a', train: one(0, 0), dev: one(1, 1), test: one(2, 2) }]
    await expectSound(trainAndScore(tinyTasks({ documents: 20, queries: 3, dimensions: 12, cards })))
  })

  it('a single document has nothing to tell apart, and ranks it first', async () => {
    const cards = [{ id: 'a', train: one(0, 0), dev: one(1, 0), test: one(2, 0) }]
    const tasks = tinyTasks({ documents: 1, queries: 3, dimensions: 12, cards })
    const { scores } = await expectSound(trainAndScore(tasks))
    expect(new Set(scores)).toEqual(new Set([1]))
  })

  it('documents and queries that are all the same has no variance to divide by', async () => {
    const tasks = tinyTrainingTasks()
    const { queries } = tasks[0].encoded
    const documents = inMemory(tasks[0].encoded.documents)
    for (let i = 1; i < documents.rows; i++) row(documents, i).set(row(documents, 0))
    for (let i = 0; i < queries.rows; i++) row(queries, i).set(row(documents, 0))
    await expectSound(trainAndScore(tasks))
  })

  it('empty lists of a teacher learns nothing, whichever loss and sampler ask', async () => {
    const tasks = tinyTrainingTasks()
    const empty = { documents: new Int32Array(0), scores: new Float32Array(0) }
    const lists = new Map(
      tasks.map((task) => {
        const { queries } = task.task.train
        const rankings = Array.from(queries, () => empty)
        return [task, calibrateLists(task.task, { queries, rankings }, null, 1)] as const
      }),
    )
    const asked = [
      ['listwise', 'uniform'],
      ['infonce', 'hard'],
      ['pairwise', 'original'],
      ['margin-mse', 'hard'],
      ['kl-distillation', 'original'],
    ]
    for (const [loss, sampler] of asked) {
      const recipe = tinyRecipe({
        steps: 8,
        devEvery: 4,
        identityPenalty: 0,
        teacher: { name: 'bm25', options: {} },
        losses: [{ name: loss, options: {}, weight: 1 }],
        sampler: { name: sampler, options: {} },
      })
      const { losses } = await expectSound(trainAndScore(tasks, { recipe, lists }))
      expect(losses.map(Math.abs)).toEqual(Array(8).fill(0))
    }
  })
})
