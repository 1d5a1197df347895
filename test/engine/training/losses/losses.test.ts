import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createMatrix,
  gatherRows,
  type Matrix,
  type Vectors,
} from '../../../../src/main/engine/numeric/matrix'
import type { CandidateTargets, Preferences } from '../../../../src/main/engine/preferences/preferences'
import { chooseBackend } from '../../../../src/main/engine/training/choose-backend'
import { candidateBlocks } from '../../../../src/main/engine/training/device/candidate-blocks'
import { deviceCorpus } from '../../../../src/main/engine/training/device/device-corpus'
import { losses } from '../../../../src/main/engine/training/losses'
import type {
  DeviceCorpora,
  LossStep,
  LossValue,
  StepScores,
} from '../../../../src/main/engine/training/losses/loss'
import {
  type DocumentSide,
  deviceScores,
  stepScores,
} from '../../../../src/main/engine/training/objective/step-scores'
import { createWeightedLosses } from '../../../../src/main/engine/training/objective/weighted-losses'
import { withoutQueries } from '../../../../src/main/engine/training/objective/without-queries'
import type { Recipe } from '../../../../src/shared/schemas/run'

// Recorded by test/oracle/losses.py (JAX, float64).
const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../fixtures/losses.json'), 'utf8'))
const d: number = golden.dimensions
const n: number = golden.tasks * golden.queriesPerTask
const corpus = createMatrix(golden.documents.length / d, d, Float32Array.from(golden.documents))

const softmax = (part: Record<keyof CandidateTargets, number[]>): CandidateTargets => ({
  candidates: Int32Array.from(part.candidates),
  masked: Int32Array.from(part.masked),
  targets: Int32Array.from(part.targets),
  weights: Float32Array.from(part.weights),
})
const preferences: Preferences = {
  ...softmax(golden.softmax),
  contrast: softmax(golden.contrast),
  positives: { queries: new Int32Array(0), documents: new Int32Array(0), weights: new Float32Array(0) },
  pairs: {
    queries: Int32Array.from(golden.pairs.queries),
    better: Int32Array.from(golden.pairs.better),
    worse: Int32Array.from(golden.pairs.worse),
    confidence: Float32Array.from(golden.pairs.confidence),
    margins: Float32Array.from(golden.pairs.margins),
  },
  lists: {
    length: golden.lists.length,
    documents: Int32Array.from(golden.lists.documents),
    scores: Float32Array.from(golden.lists.scores),
  },
}
const step: LossStep = [{ corpus: 0, queries: n, preferences }]

const choice = (name: string, options = {}, weight = 1) => ({ name, options, weight })
const cases: Record<string, Recipe['losses']> = {
  listwise: [choice('listwise')],
  infonce: [choice('infonce')],
  pairwise: [choice('pairwise')],
  'pairwise unweighted': [choice('pairwise', { weighted: false })],
  'margin-mse': [choice('margin-mse')],
  'kl-distillation': [choice('kl-distillation')],
  sum: [choice('listwise'), choice('pairwise', {}, 0.5), choice('kl-distillation', {}, 2)],
}

/** The same documents in another order: rows of one corpus mean nothing in the other. */
const last = corpus.rows - 1
const reversed = gatherRows(
  corpus,
  Array.from({ length: corpus.rows }, (_, row) => last - row),
)
const turned = (rows: Int32Array) => rows.map((row) => (row < 0 ? row : last - row))

/** The first half of the queries asked of the corpus, the second of the reversed one. */
const halves: LossStep = [0, 1].map((half) => {
  const isOther = (query: number) => Math.floor((2 * query) / n) !== half
  const own = withoutQueries(preferences, isOther)
  const moved = (queries: Int32Array) => queries.map((query) => query - (half * n) / 2)
  const pairsOf = (pairs: Int32Array) => {
    const kept = Array.from(pairs).flatMap((query, i) =>
      i % 2 === 0 && !isOther(query) ? [query - (half * n) / 2, pairs[i + 1]] : [],
    )
    return Int32Array.from(kept)
  }
  const documents = half === 0 ? (rows: Int32Array) => rows : turned
  const part = ({ candidates, masked, targets, weights }: CandidateTargets): CandidateTargets => ({
    candidates: documents(candidates),
    masked: pairsOf(masked),
    targets: pairsOf(targets),
    weights,
  })
  const { length } = own.lists
  const [from, to] = [(half * n * length) / 2, ((half + 1) * n * length) / 2]
  return {
    corpus: half,
    queries: n / 2,
    preferences: {
      ...own,
      ...part(own),
      contrast: part(own.contrast),
      pairs: {
        ...own.pairs,
        queries: moved(own.pairs.queries),
        better: documents(own.pairs.better),
        worse: documents(own.pairs.worse),
      },
      lists: {
        length,
        documents: documents(own.lists.documents.slice(from, to)),
        scores: own.lists.scores.slice(from, to),
      },
    },
  }
})

/** Where tensors lie, as far as losses know: here in corpora of their own, three candidates at once. */
type Place = 'host' | 'device'

function onDevice(corpora: readonly Matrix[]): DeviceCorpora {
  return {
    corpora: corpora.map((own) => deviceCorpus(own, own === corpus ? Number.POSITIVE_INFINITY : 0)),
    blocks: candidateBlocks(3),
  }
}

function create(
  chosen: Recipe['losses'],
  conditionsDocuments: boolean,
  place: Place,
  corpora: readonly Matrix[] = [corpus],
  give: (documents: Matrix) => Vectors = (documents) => documents,
) {
  return createWeightedLosses(chosen, {
    corpora: corpora.map(give),
    device: place === 'host' ? null : onDevice(corpora),
    dimensions: d,
    temperature: golden.temperature,
    threads: 1,
    conditionsDocuments,
  })
}

/** The same vectors, to be asked for row by row. */
function onDisk(documents: Matrix): Vectors {
  const { rows, columns } = documents
  return { rows, columns, read: (indices, out) => void gatherRows(documents, indices, out) }
}

function expectNear(actual: ArrayLike<number>, expected: readonly number[], what: string) {
  expect(actual.length, what).toBe(expected.length)
  const scale = Math.max(1, ...expected.map(Math.abs))
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value) / scale, `${what}[${i}]`).toBeLessThan(1e-5)
  })
}

function scored(
  place: Place,
  queries: tf.Tensor,
  own = corpus,
  side: DocumentSide | null = null,
): StepScores {
  const y = queries as tf.Tensor2D
  if (place === 'host') return stepScores(y, own, side)
  return deviceScores(y, onDevice([own]).corpora[0], side)
}

/** Value, rows and gradients of a loss with respect to the inputs. */
function differentiate(
  compute: (...inputs: tf.Tensor[]) => LossValue,
  inputs: readonly tf.Tensor[],
): { value: number; rows: number[]; gradients: Float32Array[] } {
  let rows: number[] = []
  const out = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const made = compute(...tensors)
    rows = Array.from(made.rows.dataSync())
    return made.mean
  })([...inputs])
  const result = {
    value: out.value.dataSync()[0],
    rows,
    gradients: out.grads.map((gradient) => gradient.dataSync() as Float32Array),
  }
  tf.dispose([out.value, ...out.grads])
  return result
}

describe.each<[string, Place]>([
  ['wasm', 'host'],
  ['cpu', 'host'],
  ['cpu', 'device'],
])('losses on %s, documents on the %s', (backend, place) => {
  beforeAll(async () => {
    await chooseBackend(backend)
  })

  it.each(Object.keys(cases))('%s has the oracle’s value and gradient', async (name) => {
    const loss = create(cases[name], false, place)
    const y = tf.tensor2d(golden.queries, [n, d])
    const expected = golden.losses[name].frozen
    const { value, rows, gradients } = differentiate(
      (queries) => loss.value(step, queries as tf.Tensor2D, [scored(place, queries)]),
      [y],
    )
    expectNear([value], [expected.value], 'value')
    expectNear(rows, expected.rows, 'rows')
    expectNear(gradients[0], expected.queries, 'queries')
    y.dispose()
    loss.dispose()
  })

  it.each(Object.keys(cases))('%s reaches the documents too, where a head conditions them', async (name) => {
    const loss = create(cases[name], true, place)
    const inputs = [tf.tensor2d(golden.queries, [n, d]), tf.tensor3d(golden.maps, [golden.tasks, d, d])]
    const expected = golden.losses[name].conditioned
    const scores = (queries: tf.Tensor, maps: tf.Tensor): StepScores => {
      const side: DocumentSide = {
        tasks: golden.tasks,
        transform(documents) {
          const each = tf.reshape(documents, [golden.tasks, -1, d]) as tf.Tensor3D
          return tf.reshape(tf.matMul(each, maps as tf.Tensor3D), [-1, d])
        },
      }
      return scored(place, queries, corpus, side)
    }
    const { value, rows, gradients } = differentiate(
      (queries, maps) => loss.value(step, queries as tf.Tensor2D, [scores(queries, maps)]),
      inputs,
    )
    expectNear([value], [expected.value], 'value')
    expectNear(rows, expected.rows, 'rows')
    expectNear(gradients[0], expected.queries, 'queries')
    expectNear(gradients[1], expected.maps, 'maps')
    tf.dispose(inputs)
    loss.dispose()
  })

  it.each(Object.keys(cases))(
    '%s is the same where each half of the queries has a corpus of its own, one in memory and one on disk',
    async (name) => {
      const loss = create(cases[name], false, place, [corpus, reversed], (documents) =>
        documents === corpus ? documents : onDisk(documents),
      )
      const y = tf.tensor2d(golden.queries, [n, d])
      const expected = golden.losses[name].frozen
      const { value, rows, gradients } = differentiate(
        (queries) => {
          const scores = [corpus, reversed].map((own, p) =>
            scored(place, tf.slice(queries as tf.Tensor2D, [(p * n) / 2, 0], [n / 2, -1]), own),
          )
          return loss.value(halves, queries as tf.Tensor2D, scores)
        },
        [y],
      )
      expectNear([value], [expected.value], 'value')
      expectNear(rows, expected.rows, 'rows')
      expectNear(gradients[0], expected.queries, 'queries')
      y.dispose()
      loss.dispose()
    },
  )

  it('is 0 with a gradient of 0 where nobody has anything to learn', async () => {
    const nothing = withoutQueries(preferences, () => true)
    const empty: Preferences = {
      ...nothing,
      contrast: { ...nothing.contrast, candidates: new Int32Array(0) },
    }
    for (const { name } of losses) {
      const loss = create([choice(name)], false, place)
      const silent = [{ ...step[0], preferences: empty }]
      const y = tf.tensor2d(golden.queries, [n, d])
      const { value, gradients } = differentiate(
        (queries) => loss.value(silent, queries as tf.Tensor2D, [scored(place, queries)]),
        [y],
      )
      expect(Math.abs(value), name).toBe(0)
      expect(Math.max(...gradients[0].map(Math.abs)), name).toBe(0)
      y.dispose()
      loss.dispose()
    }
  })

  it('drops the queries that are to teach nothing and no others', async () => {
    const name = 'sum'
    const loss = create(cases[name], false, place)
    const fewer = [
      { ...step[0], preferences: withoutQueries(preferences, (query) => query === 1 || query === 3) },
    ]
    const y = tf.tensor2d(golden.queries, [n, d])
    const { rows } = differentiate(
      (queries) => loss.value(fewer, queries as tf.Tensor2D, [scored(place, queries)]),
      [y],
    )
    const expected: number[] = golden.losses[name].frozen.rows
    expectNear(
      rows,
      expected.map((row, q) => (q === 1 || q === 3 ? 0 : row)),
      'rows',
    )
    y.dispose()
    loss.dispose()
  })

  it('refuses an unknown loss and an unknown option', () => {
    expect(() => create([choice('hinge')], false, place)).toThrow(
      expect.objectContaining({ code: 'OPTION_UNKNOWN' }),
    )
    expect(() => create([choice('pairwise', { weight: 2 })], false, place)).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })
})
