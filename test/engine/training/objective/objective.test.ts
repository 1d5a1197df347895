import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Collection } from '../../../../src/main/engine/datasets/collection'
import type { CardVectors } from '../../../../src/main/engine/hypernet/card-vectors'
import type { Network } from '../../../../src/main/engine/hypernet/network'
import type { Parameters } from '../../../../src/main/engine/hypernet/parameters'
import { createMatrix, row } from '../../../../src/main/engine/numeric/matrix'
import type { EncodedCollection } from '../../../../src/main/engine/preferences/encoded-collection'
import { chooseBackend } from '../../../../src/main/engine/training/choose-backend'
import { checkObjective } from '../../../../src/main/engine/training/objective/check-objective'
import {
  createObjective,
  type Objective,
} from '../../../../src/main/engine/training/objective/step-gradients'
import type { StepBatch, StepPart } from '../../../../src/main/engine/training/step-sampler'
import { recipeSchema } from '../../../../src/shared/schemas/run'
import { madeDevice } from '../made-device'

// Recorded by test/oracle/losses.py (JAX, float64).
const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../fixtures/losses.json'), 'utf8'))
const made = golden.objective
const d: number = golden.dimensions
const matrix = (values: number[]) => createMatrix(values.length / d, d, Float32Array.from(values))

/** f(x; z) = normalize(x + z·W), z the description alone: the smallest network that has cards and a gradient. */
const network = {
  dimensions: d,
  outputs: d,
  side: 'query',
  named: ([weight]: tf.Tensor[]) => ({ weight }),
  cardTensors: (cards: readonly CardVectors[]) => ({
    description: tf.tensor2d(cards.map(({ description }) => Array.from(description))),
  }),
  generate: (p: { weight: tf.Tensor2D }, cards: { description: tf.Tensor2D }) => ({
    tasks: cards.description.shape[0],
    queries: tf.matMul(cards.description, p.weight),
    documents: null,
  }),
  transformQueries(heads: { tasks: number; queries: tf.Tensor2D }, x: tf.Tensor2D) {
    const each = tf.reshape(x, [heads.tasks, -1, d])
    const moved = tf.add(each, tf.reshape(heads.queries, [heads.tasks, 1, d]))
    return tf.reshape(tf.div(moved, tf.norm(moved, 2, -1, true)), [-1, d])
  },
} as unknown as Network
const parameters: Parameters = [
  { name: 'weight', shape: [d, d], decayed: true, data: Float32Array.from(made.weight) },
]

const zero = new Float32Array(d)
const cardOf = (description: Float32Array): CardVectors => ({ description, queries: zero, documents: zero })
const means = { description: zero, queries: zero, documents: zero }
const documents = matrix(golden.documents)
const queries = matrix(made.x)
const encoded: EncodedCollection = {
  collection: {} as Collection,
  documents,
  queries,
  documentMean: zero,
  queryMean: zero,
  centre: means,
}
const targets = Int32Array.from(golden.softmax.targets)
const weights = Float32Array.from(golden.softmax.weights)
const candidates = Int32Array.from(golden.softmax.candidates)
const none = new Int32Array(0)
const part: StepPart = {
  encoded,
  first: 0,
  asked: queries.rows,
  candidates,
  masked: Int32Array.from(golden.softmax.masked),
  targets,
  weights,
  positives: {
    queries: targets.filter((_, i) => i % 2 === 0),
    documents: targets.filter((_, i) => i % 2 === 1).map((place) => candidates[place]),
    weights,
  },
  contrast: { candidates: none, masked: none, targets: none, weights: new Float32Array(0) },
  pairs: {
    queries: none,
    better: none,
    worse: none,
    confidence: new Float32Array(0),
    margins: new Float32Array(0),
  },
  lists: { length: 0, documents: none, scores: new Float32Array(0) },
}
const batch: StepBatch = {
  parts: [part],
  tasks: ['a', 'b'],
  cards: [0, 1].map((t) => cardOf(row(matrix(made.card), t))),
  means: [means, means],
  nullCards: [null, null],
  wrongCards: [null, null],
  queries,
}
const parts = recipeSchema
  .pick({ losses: true, teacher: true, sampler: true, nullCards: true, wrongCards: true })
  .parse({})
const recipe = {
  ...parts,
  temperature: golden.temperature,
  identityPenalty: made.identity,
  nullCards: { share: 0.5, penalty: made.nullPenalty },
  wrongCards: { share: 0.5, margin: made.margin, weight: made.strength },
}

describe.each([
  ['wasm', null],
  ['cpu', null],
  ['cpu', madeDevice()],
])('the objective on %s, device %s', (backend, device) => {
  let objective: Objective
  beforeAll(async () => {
    await chooseBackend(backend)
    const collections = [encoded]
    const mostRows = queries.rows
    objective = createObjective({ network, recipe, collections, mostRows, threads: 1, device })
  })
  afterAll(() => objective.dispose())

  const nullCard = cardOf(Float32Array.from(made.null))
  const wrong = { card: cardOf(Float32Array.from(made.wrong)), means }
  it.each([
    ['plain', {}],
    ['null', { nullCards: [null, nullCard] }],
    ['wrong', { wrongCards: [wrong, null] }],
    ['both', { nullCards: [null, nullCard], wrongCards: [wrong, null] }],
    // A null card's task is asked nothing, so not about a wrong card either.
    ['both', { nullCards: [null, nullCard], wrongCards: [wrong, wrong] }],
  ])('has the oracle’s value and gradient: %s', (name, change) => {
    const { loss, gradients } = objective.step(parameters, { ...batch, ...change }, 'task card')
    const expected = made.results[name]
    expect(loss).toBeCloseTo(expected.value, 5)
    const scale = Math.max(1, ...expected.gradient.map(Math.abs))
    expected.gradient.forEach((value: number, i: number) => {
      expect(Math.abs(gradients[0][i] - value) / scale, `weight[${i}]`).toBeLessThan(1e-5)
    })
  })

  it('leaves no tensor behind', () => {
    const odd = { ...batch, nullCards: [null, nullCard], wrongCards: [wrong, null] }
    objective.step(parameters, odd, 'task card')
    const before = tf.memory().numTensors
    for (let i = 0; i < 10; i++) objective.step(parameters, odd, 'task card')
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('checkObjective', () => {
  const loss = (name: string) => [{ name, options: {}, weight: 1 }]
  const choice = (name: string, options = {}) => ({ name, options })
  it.each([
    ['a loss that needs scores, of judgments', { losses: loss('kl-distillation') }, 'USAGE'],
    [
      'the same with lists that only supply negatives',
      { losses: loss('margin-mse'), sampler: choice('hard') },
      'USAGE',
    ],
    ['a sampler that needs an ordering, of judgments', { sampler: choice('original') }, 'USAGE'],
    ['an unknown sampler', { sampler: choice('best') }, 'OPTION_UNKNOWN'],
    ['an unknown loss', { losses: loss('hinge') }, 'OPTION_UNKNOWN'],
    ['an option that the sampler lacks', { sampler: choice('uniform', { share: 1 }) }, 'USAGE'],
  ])('refuses %s', (_, change, code) => {
    expect(() => checkObjective({ ...recipe, ...change })).toThrow(expect.objectContaining({ code }))
  })

  it('refuses to hold near frozen what has other dimensions, and accepts all else', () => {
    const narrow = { dimensions: 4, outputs: 2 }
    expect(() => checkObjective(recipe, narrow)).toThrow(expect.objectContaining({ code: 'USAGE' }))
    const free = { ...recipe, identityPenalty: 0, nullCards: { share: 0, penalty: 5 } }
    checkObjective(free, narrow)
    checkObjective({ ...recipe, losses: loss('kl-distillation'), teacher: choice('bm25') })
    checkObjective({ ...recipe, sampler: choice('original'), teacher: choice('bm25') })
  })
})
