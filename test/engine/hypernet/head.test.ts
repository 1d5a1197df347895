import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { applyHead } from '../../../src/main/engine/hypernet/head'
import { createHypernetwork, greatestDifference } from '../../../src/main/engine/hypernet/hypernetwork'
import { countWeights, initialParameters } from '../../../src/main/engine/hypernet/parameters'
import { row } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { chooseBackend } from '../../../src/main/engine/training/backends'
import { unitRows } from '../tiny-task'

beforeAll(() => chooseBackend('wasm'))

const shape = { dimensions: 24, hidden: 8, basis: 5, rank: 3 }

describe('a folded head', () => {
  it('is the network: any card, any queries, within 1e-5', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 9 }), (seed, queries) => {
        const random = randomStream(seed, 'weights')
        const parameters = initialParameters(shape, { documentGain: 2, descriptionGain: 0.5 }, random)
        for (const { data } of parameters)
          for (let i = 0; i < data.length; i++) data[i] += 0.2 * random.normal()
        const vectors = unitRows(6, shape.dimensions, seed)
        const card = { description: row(vectors, 0), queries: row(vectors, 1), documents: row(vectors, 2) }
        const means = { description: row(vectors, 3), queries: row(vectors, 4), documents: row(vectors, 5) }
        const network = createHypernetwork(shape, parameters)
        const x = unitRows(queries, shape.dimensions, seed + 1)
        const difference = greatestDifference(
          applyHead(network.compile(card, means), x),
          network.transform(card, means, x),
        )
        network.dispose()
        expect(difference).toBeLessThan(1e-5)
      }),
      { numRuns: 25 },
    )
  })

  it('starts at the control: the bias is g times the centred documents and .5 times the centred description', () => {
    const start = initialParameters(
      { ...shape, basis: 1 },
      { documentGain: 2, descriptionGain: 0.5 },
      randomStream(1, 'start'),
    )
    for (const { name, data } of start) if (name === 'basisUp') data.fill(0)
    const network = createHypernetwork({ ...shape, basis: 1 }, start)
    const vectors = unitRows(6, shape.dimensions, 5)
    const card = { description: row(vectors, 0), queries: row(vectors, 1), documents: row(vectors, 2) }
    const means = { description: row(vectors, 3), queries: row(vectors, 4), documents: row(vectors, 5) }
    const { weight, bias } = network.compile(card, means)
    network.dispose()
    bias.forEach((value, i) => {
      const control =
        2 * (card.documents[i] - means.documents[i]) + 0.5 * (card.description[i] - means.description[i])
      expect(value).toBeCloseTo(control, 5)
    })
    weight.data.forEach((value, i) => {
      expect(value).toBe(i % (shape.dimensions + 1) === 0 ? 1 : 0)
    })
  })

  it('has the size that is announced for MiniLM', () => {
    const parameters = initialParameters(
      { dimensions: 384, hidden: 128, basis: 32, rank: 8 },
      { documentGain: 2, descriptionGain: 0.5 },
      randomStream(1, 'size'),
    )
    expect(countWeights(parameters)).toBe(859_808)
  })
})
