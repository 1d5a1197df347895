import { inMemory, meanRow, normalizeInPlace, row } from '../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { resolveRecipe } from '../../../src/main/engine/training/recipes/recipes'
import type { TrainerOptions } from '../../../src/main/engine/training/trainer'
import type { Recipe } from '../../../src/shared/schemas/run'
import { judge, tinyTasks } from '../tiny-task'

const DIMENSIONS = 12
const DOCUMENTS = 60
const QUERIES = 24

const CARDS = ['a', 'b', 'c']

/** The one document that answers a query for a card. */
const answer = (query: number, card: number) => (7 * query + 11 * card) % DOCUMENTS

/**
 * Three tasks on one corpus: a query lies between the three documents that answer it for one card each, so that the frozen
 * vectors rank well and a ruined network ranks worse.
 */
export function tinyTrainingTasks(seed = 1): EncodedTask[] {
  const split = (card: number, from: number, to: number) =>
    judge(Array.from({ length: to - from }, (_, i) => [from + i, answer(from + i, card), 1]))
  const tasks = tinyTasks({
    documents: DOCUMENTS,
    queries: QUERIES,
    dimensions: DIMENSIONS,
    seed,
    cards: CARDS.map((id, card) => ({
      id,
      train: split(card, 0, 12),
      dev: split(card, 12, 18),
      test: split(card, 18, QUERIES),
    })),
  })
  const { queries, documents } = tasks[0].encoded
  for (let query = 0; query < QUERIES; query++) {
    const answers = CARDS.map((_, card) => answer(query, card))
    row(queries, query).set(normalizeInPlace(meanRow(documents, answers)))
  }
  return tasks
}

/** The first task of five such corpora: two of each family, and an ordinary collection. */
export function familyTasks(): EncodedTask[] {
  return ['a', 'a', 'b', 'b', undefined].map((family, i) => {
    const [{ task, encoded, ...card }] = tinyTrainingTasks(i + 1)
    const collection = { ...task.collection, id: `corpus${i}`, family }
    return { ...card, task: { ...task, id: collection.id, collection }, encoded: { ...encoded, collection } }
  })
}

export function tinyRecipe(change: Partial<Recipe> = {}): Recipe {
  return {
    ...resolveRecipe('recommended', 3, 40),
    hidden: 8,
    basis: 4,
    rank: 2,
    tasksPerStep: 2,
    queriesPerStep: 8,
    candidates: 30,
    minExamples: 1,
    maxExamples: 4,
    documentGain: 0.5,
    descriptionGain: 0.2,
    devEvery: 10,
    ...change,
  }
}

/** A training of the whole of it, small enough for milliseconds a step; its dev measure is the mean target cosine, 0 where it is negative. */
export function tinyTraining(change: Partial<TrainerOptions> = {}): TrainerOptions {
  const tasks = change.tasks ?? tinyTrainingTasks()
  const descriptionMean = meanRow(tasks[0].wordings)
  return {
    tasks,
    descriptionMean,
    recipe: tinyRecipe(),
    system: 'task card',
    seed: 5,
    onStep: () => undefined,
    async measureDev(network) {
      let sum = 0
      let count = 0
      for (const { encoded, task, description } of tasks) {
        const means = {
          description: descriptionMean,
          queries: encoded.queryMean,
          documents: encoded.documentMean,
        }
        const card = { description, queries: encoded.queryMean, documents: encoded.documentMean, id: task.id }
        const y = network.transform(card, means, encoded.queries)
        task.dev.queries.forEach((query, i) => {
          count++
          const document = task.dev.documents[task.dev.offsets[i]]
          for (let c = 0; c < DIMENSIONS; c++)
            sum +=
              y.data[query * DIMENSIONS + c] * inMemory(encoded.documents).data[document * DIMENSIONS + c]
        })
      }
      return Math.max(0, sum / count)
    },
    ...change,
  }
}
