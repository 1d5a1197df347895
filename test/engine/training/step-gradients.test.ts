import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Collection } from '../../../src/main/engine/datasets/collection'
import type { CardVectors } from '../../../src/main/engine/hypernet/card-vectors'
import { createHypernetwork } from '../../../src/main/engine/hypernet/hypernetwork'
import {
  PARAMETER_NAMES,
  type Parameters,
  parameterShapes,
} from '../../../src/main/engine/hypernet/parameters'
import { createMatrix, type Matrix } from '../../../src/main/engine/numeric/matrix'
import type { EncodedCollection } from '../../../src/main/engine/preferences/encoded-collection'
import { chooseBackend } from '../../../src/main/engine/training/backends'
import { type CorpusLoss, createCorpusLoss } from '../../../src/main/engine/training/corpus-loss'
import { type Arm, stepGradients } from '../../../src/main/engine/training/step-gradients'
import type { StepBatch } from '../../../src/main/engine/training/step-sampler'

// Recorded by test/oracle/hypernetwork.py (JAX, float64).
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/hypernetwork.json'), 'utf8'),
)
const threadFile = resolve(import.meta.dirname, '../../../out/main/listwise-thread.js')
const d: number = golden.shape.dimensions

const shapes = parameterShapes(golden.shape)
const parameters: Parameters = PARAMETER_NAMES.map((name) => ({
  name,
  shape: shapes[name],
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
}
const batch: StepBatch = {
  encoded,
  cards,
  means: cards.map(() => mean),
  queries: encoded.queries,
  candidates: Int32Array.from({ length: encoded.documents.rows }, (_, i) => i),
  masked: Int32Array.from(golden.masked),
  targets: Int32Array.from(golden.targets),
  weights: Float32Array.from(golden.weights),
}

describe.each(['wasm', 'cpu'])('one training step on %s', (backend) => {
  let corpusLoss: CorpusLoss
  beforeAll(async () => {
    await chooseBackend(backend)
    corpusLoss = await createCorpusLoss({
      collections: [encoded],
      mostRows: encoded.queries.rows,
      temperature: golden.temperature,
      threadFile,
    })
  })
  afterAll(() => corpusLoss.dispose())

  const step = (arm: Arm, change: Partial<StepBatch> = {}) =>
    stepGradients({
      parameters,
      batch: { ...batch, ...change },
      corpusLoss,
      shape: golden.shape,
      arm,
      identityPenalty: golden.penalty,
    })

  it.each<Arm>(['task card', 'no card'])('has the oracle’s loss and gradients: %s', (arm) => {
    const { loss, gradients } = step(arm)
    expect(loss).toBeCloseTo(golden[arm].loss, 5)
    parameters.forEach(({ name }, p) => {
      const expected: number[] = golden[arm].gradients[name]
      const scale = Math.max(1, ...expected.map(Math.abs))
      gradients[p].forEach((value, i) => {
        expect(Math.abs(value - expected[i]) / scale, `${name}[${i}]`).toBeLessThan(1e-5)
      })
    })
  })

  it('gives the oracle’s query vectors, and a query without targets no pull', () => {
    const network = createHypernetwork(golden.shape, parameters)
    const perTask: number = golden.queriesPerTask
    for (let t = 0; t < golden.tasks; t++) {
      const rows = encoded.queries.data.subarray(t * perTask * d, (t + 1) * perTask * d)
      const y = network.transform(cards[t], mean, createMatrix(perTask, d, rows))
      y.data.forEach((value, i) => {
        expect(value).toBeCloseTo(golden['task card'].y[t * perTask * d + i], 5)
      })
    }
    network.dispose()
    const silent = step('task card', { targets: new Int32Array(0), weights: new Float32Array(0) })
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
    expect(() => step('task card', { candidates: Int32Array.from([999]) })).toThrow(/corpus loss failed/)
    // and goes on afterwards
    expect(step('task card').loss).toBeCloseTo(golden['task card'].loss, 5)
  })
})
