import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Collection } from '../../../../src/main/engine/datasets/collection'
import { createNetwork, type NetworkDescription } from '../../../../src/main/engine/hypernet/network'
import type { Parameters } from '../../../../src/main/engine/hypernet/parameters'
import { createMatrix } from '../../../../src/main/engine/numeric/matrix'
import type { EncodedCollection } from '../../../../src/main/engine/preferences/encoded-collection'
import { chooseBackend } from '../../../../src/main/engine/training/choose-backend'
import {
  createObjective,
  type Objective,
  type System,
} from '../../../../src/main/engine/training/objective/step-gradients'
import type { StepBatch, StepPart } from '../../../../src/main/engine/training/step-sampler'
import { recipeSchema } from '../../../../src/shared/schemas/run'
import { madeDevice } from '../made-device'

// Recorded by test/oracle/corpora.py (JAX, float64).
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../fixtures/corpora.json'), 'utf8'),
)
const d: number = golden.shape.dimensions
const perCorpus: number = golden.queriesPerCorpus
const vector = (values: number[]) => Float32Array.from(values)
const matrix = (values: number[]) => createMatrix(values.length / d, d, vector(values))

const description: NetworkDescription = {
  generator: { name: 'basis', options: { skip: true } },
  head: { name: 'full', options: {} },
  side: 'query',
  conditioning: ['description', 'corpus'],
  shape: golden.shape,
  start: { documentGain: 0, descriptionGain: 0 },
  tasks: [],
}
const network = createNetwork(description)
const parameters: Parameters = network.parameters.map(({ name, shape, decayed }) => ({
  name,
  shape,
  decayed,
  data: vector(golden.parameters[name]),
}))

const means = {
  description: vector(golden.mean.description),
  queries: vector(golden.mean.queries),
  documents: vector(golden.mean.documents),
}
interface GoldenCorpus {
  documents: number[]
  mean: number[]
  description: number[]
  masked: number[]
  targets: number[]
  weights: number[]
}
const corpora: GoldenCorpus[] = golden.corpora
const collections: EncodedCollection[] = corpora.map(({ documents, mean }) => ({
  collection: {} as Collection,
  documents: matrix(documents),
  queries: createMatrix(0, d),
  documentMean: vector(mean),
  queryMean: means.queries,
  centre: means,
}))
const none = new Int32Array(0)
const nothing = new Float32Array(0)
const parts: StepPart[] = corpora.map(({ documents, masked, targets, weights }, c) => ({
  encoded: collections[c],
  first: c * perCorpus,
  asked: perCorpus,
  candidates: Int32Array.from({ length: documents.length / d }, (_, i) => i),
  masked: Int32Array.from(masked),
  targets: Int32Array.from(targets),
  weights: Float32Array.from(weights),
  positives: {
    queries: Int32Array.from(targets.filter((_, i) => i % 2 === 0)),
    documents: Int32Array.from(targets.filter((_, i) => i % 2 === 1)),
    weights: Float32Array.from(weights),
  },
  contrast: { candidates: none, masked: none, targets: none, weights: nothing },
  pairs: { queries: none, better: none, worse: none, confidence: nothing, margins: nothing },
  lists: { length: 0, documents: none, scores: nothing },
}))
const batch: StepBatch = {
  parts,
  tasks: ['a', 'b', 'c'],
  cards: corpora.map((corpus, c) => ({
    description: vector(corpus.description),
    queries: means.queries,
    documents: collections[c].documentMean,
    corpus: collections[c].documentMean,
  })),
  means: corpora.map(() => means),
  nullCards: [null, null, null],
  wrongCards: [null, null, null],
  queries: matrix(golden.queries),
}
const recipe = {
  ...recipeSchema
    .pick({ losses: true, teacher: true, sampler: true, nullCards: true, wrongCards: true })
    .parse({}),
  temperature: golden.temperature,
  identityPenalty: golden.penalty,
  wrongCards: { share: 0.5, margin: 1, weight: 0.5 },
}

describe.each([
  ['wasm', null],
  ['cpu', null],
  ['cpu', madeDevice()],
])('a step over several corpora on %s, device %s', (backend, device) => {
  let objective: Objective
  beforeAll(async () => {
    await chooseBackend(backend)
    objective = createObjective({ network, recipe, collections, mostRows: 6, threads: 1, device })
  })
  afterAll(() => objective.dispose())
  const step = (system: System, change: Partial<StepBatch> = {}) =>
    objective.step(parameters, { ...batch, ...change }, system)

  it.each<System>(['task card', 'no card'])('has the oracle’s loss and gradients: %s', (system) => {
    const { loss, gradients } = step(system)
    expect(loss).toBeCloseTo(golden[system].loss, 5)
    parameters.forEach(({ name }, p) => {
      const expected: number[] = golden[system].gradients[name]
      const scale = Math.max(1, ...expected.map(Math.abs))
      gradients[p].forEach((value, i) => {
        expect(Math.abs(value - expected[i]) / scale, `${name}[${i}]`).toBeLessThan(1e-5)
      })
    })
  })

  it('is the same in any order of its corpora, each task with its own loss', () => {
    const [whole, other] = [step('task card'), step('task card', turned())]
    expect(other.loss).toBeCloseTo(whole.loss, 5)
    for (const { task, loss } of whole.taskLosses)
      expect(other.taskLosses.find((one) => one.task === task)?.loss).toBeCloseTo(loss, 5)
  })

  it('takes no part in the losses with a corpus that has nothing to learn', () => {
    const silent = { ...parts[1], candidates: none, masked: none, targets: none, weights: nothing }
    const { taskLosses } = step('task card', { parts: [parts[0], silent, parts[2]] })
    expect(taskLosses.map(({ loss }) => loss > 0)).toEqual([true, false, true])
  })

  it('asks null and wrong cards within the corpus of their task', () => {
    const wrong = { card: batch.cards[0], means }
    const [plain, odd] = [step('task card'), step('task card', { wrongCards: [null, null, wrong] })]
    expect(odd.loss).toBeGreaterThan(plain.loss)
    expect(step('task card', { ...turned([null, null, wrong]) }).loss).toBeCloseTo(odd.loss, 5)
    const nulls = step('task card', { nullCards: [null, batch.cards[0], null] })
    expect(nulls.taskLosses.map(({ task }) => task)).toEqual(['a', 'c'])
  })

  it('leaves no tensor behind', () => {
    step('no card')
    const before = tf.memory().numTensors
    for (let i = 0; i < 10; i++) step('task card')
    expect(tf.memory().numTensors).toBe(before)
  })

  /** The corpora in another order. */
  function turned(wrongCards: StepBatch['wrongCards'] = batch.wrongCards): StepBatch {
    const order = [2, 0, 1]
    const rows = order.flatMap((c) => {
      const own = batch.queries.data.subarray(c * perCorpus * d, (c + 1) * perCorpus * d)
      return Array.from(own)
    })
    return {
      ...batch,
      parts: order.map((c, place) => ({ ...parts[c], first: place * perCorpus })),
      tasks: order.map((c) => batch.tasks[c]),
      cards: order.map((c) => batch.cards[c]),
      wrongCards: order.map((c) => wrongCards[c]),
      queries: matrix(rows),
    }
  }
})
