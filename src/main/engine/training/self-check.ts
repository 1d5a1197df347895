import type { CardMeans, CardVectors } from '../hypernet/card-vectors'
import { createNetwork, defaultNetwork } from '../hypernet/network'
import { createMatrix, normalizeInPlace, row } from '../numeric/matrix'
import { randomStream } from '../numeric/random'
import type { Preferences } from '../preferences/preferences'
import { BackendRefused } from '../registry/refusal'
import type { ActiveBackend } from './backends/backend'
import type { Device } from './backends/device'
import { chooseStepper } from './choose-stepper'
import type { StepBatch } from './objective/scored-batch'
import { createObjective, type ObjectiveOptions, type ObjectiveRecipe } from './objective/step-gradients'
import type { UpdateRecipe } from './stepper'
import { startState } from './training-state'

const DIMENSIONS = 8
const TASKS = 2
const PER_TASK = 3
const DOCUMENTS = 20
const STEPS = 4
const SEED = 1

/** Losses of its steps: what plain JavaScript gives, and ONNX Runtime with the steps of a host. @internal */
export const CHECKED_LOSSES: readonly number[] = [8.0798, 6.742402, 6.037221, 5.553192]
/** Far above what float32 does to sums in another order, far below what a wrong kernel does. */
const TOLERANCE = 1e-4

const RECIPE: ObjectiveRecipe & UpdateRecipe = {
  losses: [{ name: 'listwise', options: {}, weight: 1 }],
  teacher: { name: 'judgments', options: {} },
  sampler: { name: 'uniform', options: {} },
  temperature: 0.1,
  identityPenalty: 0.5,
  nullCards: { share: 0, penalty: 0 },
  wrongCards: { share: 0, margin: 0, weight: 0 },
  learningRate: 0.02,
  weightDecay: 0.1,
  warmupSteps: 0,
  steps: 2 * STEPS,
  clipNorm: 1,
}

/**
 * A few steps of a tiny network on the backend that is TensorFlow.js's own, by the kernels of a training: forward, backward,
 * the loss over a corpus, AdamW. Throws BackendRefused where other numbers come out than are known.
 */
export async function selfCheck({ device }: ActiveBackend): Promise<void> {
  const losses = await checkedLosses(device)
  const wrong = losses.findIndex((loss, k) => !(Math.abs(loss - CHECKED_LOSSES[k]) < TOLERANCE))
  if (wrong < 0) return
  throw new BackendRefused(
    'self-check-failed',
    `the loss of step ${wrong + 1} of its self-check is ${losses[wrong]} instead of ${CHECKED_LOSSES[wrong]}`,
  )
}

async function checkedLosses(device: Device | null): Promise<number[]> {
  const { network, batch, recipe, asked } = checkedTraining()
  const objective = createObjective({ ...asked, device })
  const stepper = await chooseStepper({ device, objective, system: 'task card', recipe, draw: () => batch })
  try {
    const random = randomStream(SEED, 'self-check weights')
    const state = startState(network.initialParameters(random), random.state())
    const losses: number[] = []
    while (losses.length < STEPS) {
      const made = await stepper.advance(state, random, Math.min(stepper.stride, STEPS - losses.length))
      losses.push(...made.map(({ loss }) => loss))
      state.progress.step += made.length
    }
    return losses
  } finally {
    stepper.forget()
    objective.dispose()
  }
}

/** What is trained, on one batch again and again. @internal */
export function checkedTraining() {
  const network = createNetwork(defaultNetwork({ dimensions: DIMENSIONS, hidden: 8, basis: 3, rank: 2 }))
  const batch = smallBatch()
  const asked: ObjectiveOptions = {
    network,
    recipe: RECIPE,
    collections: batch.parts.map(({ encoded }) => encoded),
    mostRows: batch.queries.rows,
    threads: 1,
  }
  return { network, batch, recipe: RECIPE, asked, steps: STEPS, seed: SEED }
}

/** Each query has two documents to find, and one that does not count. */
function smallBatch(): StepBatch {
  const random = randomStream(SEED, 'self-check vectors')
  const unitRows = (rows: number) => {
    const matrix = createMatrix(rows, DIMENSIONS)
    for (let i = 0; i < rows; i++) {
      const vector = row(matrix, i)
      for (let c = 0; c < DIMENSIONS; c++) vector[c] = random.normal()
      normalizeInPlace(vector)
    }
    return matrix
  }
  const documents = unitRows(DOCUMENTS)
  const queries = unitRows(TASKS * PER_TASK)
  const told = unitRows(3 * TASKS)
  const cards = Array.from({ length: TASKS }, (_, t): CardVectors => {
    const [description, shown, answers] = [0, 1, 2].map((part) => row(told, 3 * t + part))
    return { description, queries: shown, documents: answers, corpus: answers }
  })
  const zeros = new Float32Array(DIMENSIONS)
  const means: CardMeans = { description: zeros, queries: zeros, documents: zeros }
  const pairs = (of: (query: number) => number[]) =>
    Int32Array.from(
      Array.from({ length: queries.rows }, (_, q) => of(q).flatMap((candidate) => [q, candidate])).flat(),
    )
  const softmax = {
    candidates: Int32Array.from({ length: DOCUMENTS }, (_, document) => document),
    masked: pairs((q) => [(5 * q + 1) % DOCUMENTS]),
    targets: pairs((q) => [(3 * q) % DOCUMENTS, (3 * q + 4) % DOCUMENTS]),
    weights: new Float32Array(2 * queries.rows).fill(0.5),
  }
  const [none, nothing] = [new Int32Array(0), new Float32Array(0)]
  const preferences: Preferences = {
    ...softmax,
    contrast: softmax,
    positives: { queries: none, documents: none, weights: nothing },
    pairs: { queries: none, better: none, worse: none, confidence: nothing, margins: nothing },
    lists: { length: 0, documents: none, scores: nothing },
  }
  return {
    parts: [{ ...preferences, encoded: { documents }, first: 0, asked: queries.rows }],
    tasks: cards.map((_, t) => `task ${t}`),
    cards,
    means: cards.map(() => means),
    nullCards: cards.map(() => null),
    wrongCards: cards.map(() => null),
    queries,
  }
}
