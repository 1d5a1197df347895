import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CardMeans, CardVectors } from '../../../src/main/engine/hypernet/card-vectors'
import { generators } from '../../../src/main/engine/hypernet/generators'
import { applyHead } from '../../../src/main/engine/hypernet/head'
import { heads } from '../../../src/main/engine/hypernet/heads'
import { createHypernetwork, greatestDifference } from '../../../src/main/engine/hypernet/hypernetwork'
import {
  createNetwork,
  defaultNetwork,
  type NetworkDescription,
} from '../../../src/main/engine/hypernet/network'
import { countValues, type Parameters } from '../../../src/main/engine/hypernet/parameters'
import { type Matrix, row } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { unitRows } from '../tiny-task'

beforeAll(() => chooseBackend('wasm'))

const shape = { dimensions: 24, hidden: 8, basis: 5, rank: 3 }
const start = { documentGain: 2, descriptionGain: 0.5 }
const IMPOSSIBLE = ['low-rank film', 'low-rank bias', 'film bias']

// `experts` knows its trained cards and has no skip: test/engine/training/fit-experts.test.ts.
const pairs = generators
  .filter(({ name }) => name !== 'experts')
  .flatMap((generator) => heads.map((head) => [generator.name, head.name] as const))
  .filter(([generator, head]) => !IMPOSSIBLE.includes(`${generator} ${head}`))

function madeCard(vectors: Matrix, id?: string): { card: CardVectors; means: CardMeans } {
  return {
    card: { description: row(vectors, 0), queries: row(vectors, 1), documents: row(vectors, 2), id },
    means: { description: row(vectors, 3), queries: row(vectors, 4), documents: row(vectors, 5) },
  }
}

/** Far from the start, where nothing is zero. */
function shaken(description: NetworkDescription, seed: number): Parameters {
  const random = randomStream(seed, 'weights')
  const parameters = createNetwork(description).initialParameters(random)
  for (const { data } of parameters) for (let i = 0; i < data.length; i++) data[i] += 0.2 * random.normal()
  return parameters
}

describe('greatestDifference', () => {
  it('is within no bound where one number is none, wherever it is', () => {
    fc.assert(
      fc.property(
        fc.nat(11),
        fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY),
        fc.boolean(),
        (at, value, first) => {
          const [sound, ill] = [unitRows(3, 4, 1), unitRows(3, 4, 1)]
          ill.data[at] = value
          const found = first ? greatestDifference(ill, sound) : greatestDifference(sound, ill)
          expect(found <= Number.MAX_VALUE).toBe(false)
        },
      ),
    )
  })
})

describe('a folded head', () => {
  it.each(pairs)(
    'is the network: generator %s, head %s, both sides, any card, any vectors, within 1e-5',
    (generator, head) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 1_000_000 }),
          fc.integer({ min: 1, max: 9 }),
          fc.boolean(),
          fc.constantFrom('both', 'separate'),
          fc.constantFrom('a', 'b', 'never trained', undefined),
          (seed, count, skip, side, id) => {
            const description: NetworkDescription = {
              ...defaultNetwork(shape, start),
              generator: { name: generator, options: { skip } },
              head: { name: head, options: head === 'projection' ? { dimensions: 16 } : {} },
              side,
              tasks: ['a', 'b'],
            }
            const { card, means } = madeCard(unitRows(6, shape.dimensions, seed), id)
            const x = unitRows(count, shape.dimensions, seed + 1)
            const network = createHypernetwork(description, shaken(description, seed))
            const folded = [network.compile(card, means), network.compileDocuments(card, means)!]
            const unfolded = [network.transform(card, means, x), network.transformDocuments(card, means, x)!]
            network.dispose()
            folded.forEach((affine, i) => {
              const difference = greatestDifference(applyHead(affine, x), unfolded[i])
              expect(difference).toBeLessThan(1e-5)
            })
          },
        ),
        { numRuns: 12 },
      )
    },
  )

  it('starts at the control: the bias is g times the centred documents and .5 times the centred description', () => {
    const description = defaultNetwork({ ...shape, basis: 1 }, start)
    const parameters = createNetwork(description).initialParameters(randomStream(1, 'start'))
    for (const { name, data } of parameters) if (name === 'basisUp') data.fill(0)
    const network = createHypernetwork(description, parameters)
    const { card, means } = madeCard(unitRows(6, shape.dimensions, 5))
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

  it.each(['direct', 'low-rank', 'film', 'bias', 'task-id', 'constant', 'basis'])(
    'starts near frozen without skip: %s on the residual and full heads',
    (generator) => {
      for (const head of ['residual', 'full']) {
        const description: NetworkDescription = {
          ...defaultNetwork({ dimensions: 64, hidden: 16, basis: 4, rank: 4 }),
          generator: { name: generator, options: { skip: false } },
          head: { name: head, options: {} },
          tasks: ['a'],
        }
        const parameters = createNetwork(description).initialParameters(randomStream(3, 'start'))
        const network = createHypernetwork(description, parameters)
        const { card, means } = madeCard(unitRows(6, 64, 5), 'a')
        const x = unitRows(20, 64, 6)
        expect(greatestDifference(network.transform(card, means, x), x)).toBeLessThan(0.05)
        network.dispose()
      }
    },
  )

  it('has the size that is announced for MiniLM', () => {
    const minilm = { dimensions: 384, hidden: 128, basis: 32, rank: 8 }
    const size = (change: Partial<NetworkDescription>) =>
      createNetwork({ ...defaultNetwork(minilm), ...change }).parameters.reduce(
        (sum, { shape }) => sum + countValues(shape),
        0,
      )
    expect(size({})).toBe(859_808)
    // where the MLP makes the bias (docs/method.md#network)
    expect(size({ generator: { name: 'basis', options: { skip: false } } })).toBe(466_592)
    // the original's
    const original = {
      generator: { name: 'direct', options: {} },
      head: { name: 'projection', options: {} },
      side: 'both',
      shape: { ...minilm, hidden: 256 },
    } as const
    expect(size(original)).toBe(25_923_840)
  })
})
