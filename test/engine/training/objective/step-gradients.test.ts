import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Collection } from '../../../../src/main/engine/datasets/collection'
import type { CardVectors } from '../../../../src/main/engine/hypernet/card-vectors'
import { createHypernetwork } from '../../../../src/main/engine/hypernet/hypernetwork'
import { createNetwork, defaultNetwork } from '../../../../src/main/engine/hypernet/network'
import type { Parameters } from '../../../../src/main/engine/hypernet/parameters'
import { createMatrix, type Matrix } from '../../../../src/main/engine/numeric/matrix'
import type { EncodedCollection } from '../../../../src/main/engine/preferences/encoded-collection'
import { chooseBackend } from '../../../../src/main/engine/training/choose-backend'
import {
  createObjective,
  type Objective,
  type ObjectiveRecipe,
  type System,
} from '../../../../src/main/engine/training/objective/step-gradients'
import type { StepBatch, StepPart } from '../../../../src/main/engine/training/step-sampler'
import { recipeSchema } from '../../../../src/shared/schemas/run'

// Recorded by test/oracle/hypernetwork.py (JAX, float64).
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../fixtures/hypernetwork.json'), 'utf8'),
)
const d: number = golden.shape.dimensions

const description = defaultNetwork(golden.shape)
const network = createNetwork(description)
const parameters: Parameters = network.parameters.map(({ name, shape, decayed }) => ({
  name,
  shape,
  decayed,
  data: Float32Array.from(golden.parameters[name]),
}))
const matrix = (values: number[]): Matrix => createMatrix(values.length / d, d, Float32Array.from(values))
const mean = {
  description: Float32Array.from(golden.mean.description),
  queries: Float32Array.from(golden.mean.queries),
  documents: Float32Array.from(golden.mean.documents),
}
const cards: CardVectors[] = Array.from({ length: golden.tasks }, (_, t) => {
  const part = (name: string) => Float32Array.from(golden.card[name].slice(t * d, (t + 1) * d))
  return { description: part('description'), queries: part('queries'), documents: part('documents') }
})
const encoded: EncodedCollection = {
  collection: {} as Collection,
  documents: matrix(golden.candidates),
  queries: matrix(golden.queries),
  documentMean: mean.documents,
  queryMean: mean.queries,
  centre: mean,
}
const softmax = {
  candidates: Int32Array.from({ length: encoded.documents.rows }, (_, i) => i),
  masked: Int32Array.from(golden.masked),
  targets: Int32Array.from(golden.targets),
  weights: Float32Array.from(golden.weights),
}
const empty = { candidates: new Int32Array(0), masked: new Int32Array(0), targets: new Int32Array(0) }
const part: StepPart = {
  ...softmax,
  encoded,
  first: 0,
  asked: encoded.queries.rows,
  positives: {
    queries: softmax.targets.filter((_, i) => i % 2 === 0),
    documents: softmax.targets.filter((_, i) => i % 2 === 1),
    weights: softmax.weights,
  },
  contrast: { ...empty, weights: new Float32Array(0) },
  pairs: {
    queries: new Int32Array(0),
    better: new Int32Array(0),
    worse: new Int32Array(0),
    confidence: new Float32Array(0),
    margins: new Float32Array(0),
  },
  lists: { length: 0, documents: new Int32Array(0), scores: new Float32Array(0) },
}
const batch: StepBatch = {
  parts: [part],
  tasks: cards.map((_, t) => `task ${t}`),
  cards,
  means: cards.map(() => mean),
  nullCards: cards.map(() => null),
  wrongCards: cards.map(() => null),
  queries: encoded.queries,
}
const { losses, teacher, sampler, nullCards, wrongCards } = recipeSchema
  .pick({ losses: true, teacher: true, sampler: true, nullCards: true, wrongCards: true })
  .parse({})
const recipe: ObjectiveRecipe = {
  losses,
  teacher,
  sampler,
  nullCards,
  wrongCards,
  temperature: golden.temperature,
  identityPenalty: golden.penalty,
}
const options = { network, recipe, collections: [encoded], mostRows: encoded.queries.rows, threads: 1 }

describe.each(['wasm', 'cpu'])('one training step on %s', (backend) => {
  let objective: Objective
  beforeAll(async () => {
    await chooseBackend(backend)
    objective = createObjective(options)
  })
  afterAll(() => objective.dispose())

  const step = (system: System, change: Partial<StepBatch> = {}) =>
    objective.step(parameters, { ...batch, ...change }, system)

  const teaching = (change: Partial<StepPart>) => ({ parts: [{ ...part, ...change }] })

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

  it('gives the oracle’s query vectors, and a query without targets no pull', () => {
    const trained = createHypernetwork(description, parameters)
    const perTask: number = golden.queriesPerTask
    for (let t = 0; t < golden.tasks; t++) {
      const rows = encoded.queries.data.subarray(t * perTask * d, (t + 1) * perTask * d)
      const y = trained.transform(cards[t], mean, createMatrix(perTask, d, rows))
      y.data.forEach((value, i) => {
        expect(value).toBeCloseTo(golden['task card'].y[t * perTask * d + i], 5)
      })
    }
    trained.dispose()
    const silent = step('task card', teaching({ targets: new Int32Array(0), weights: new Float32Array(0) }))
    const shiftOnly = golden['task card'].y.reduce((sum: number, value: number, i: number) => {
      return sum + (golden.penalty * (value - golden.queries[i]) ** 2) / encoded.queries.rows
    }, 0)
    expect(silent.loss).toBeCloseTo(shiftOnly, 5)
  })

  it('leaves no tensor behind', () => {
    step('task card')
    const before = tf.memory().numTensors
    for (let i = 0; i < 20; i++) step('task card')
    expect(tf.memory().numTensors).toBe(before)
  })

  it('says why when the loss cannot be computed', () => {
    expect(() => step('task card', teaching({ candidates: Int32Array.from([999]) }))).toThrow(
      /corpus loss failed/,
    )
    // and goes on afterwards
    expect(step('task card').loss).toBeCloseTo(golden['task card'].loss, 5)
  })

  it('tells each task’s own loss, without penalties', () => {
    const { taskLosses, loss } = step('task card')
    expect(taskLosses.map(({ task }) => task)).toEqual(['task 0', 'task 1'])
    const penalty = step(
      'task card',
      teaching({ targets: new Int32Array(0), weights: new Float32Array(0) }),
    ).loss
    expect((taskLosses[0].loss + taskLosses[1].loss) / 2).toBeCloseTo(loss - penalty, 5)
  })

  it('takes a null card and a wrong card for nothing under the system without cards', () => {
    const odd = { nullCards: [cards[1], null], wrongCards: [null, { card: cards[0], means: mean }] }
    expect(step('no card', odd).loss).toBe(step('no card').loss)
  })

  it('asks nothing of a task under a null card but to stay', () => {
    const { taskLosses, gradients } = step('task card', { nullCards: [cards[0], cards[1]] })
    expect(taskLosses).toEqual([])
    expect(gradients.some((gradient) => gradient.some((value) => value !== 0))).toBe(true)
  })
})
