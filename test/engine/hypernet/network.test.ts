import { createHash } from 'node:crypto'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CardMeans, CardVectors } from '../../../src/main/engine/hypernet/card-vectors'
import { constantCard } from '../../../src/main/engine/hypernet/card-vectors'
import { generators } from '../../../src/main/engine/hypernet/generators'
import { heads } from '../../../src/main/engine/hypernet/heads'
import { createHypernetwork, greatestDifference } from '../../../src/main/engine/hypernet/hypernetwork'
import {
  createNetwork,
  defaultNetwork,
  type NetworkDescription,
} from '../../../src/main/engine/hypernet/network'
import { parameterTensors } from '../../../src/main/engine/hypernet/network-tensors'
import { row } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { USUAL_PARTS } from '../../../src/shared/schemas/run'
import { unitRows } from '../tiny-task'

beforeAll(() => chooseBackend('wasm'))

const shape = { dimensions: 24, hidden: 8, basis: 5, rank: 3 }
const description = defaultNetwork(shape, { documentGain: 2, descriptionGain: 0.5 })
const vectors = unitRows(9, 24, 1)
const card: CardVectors = {
  description: row(vectors, 0),
  queries: row(vectors, 1),
  documents: row(vectors, 2),
}
const means: CardMeans = {
  description: row(vectors, 3),
  queries: row(vectors, 4),
  documents: row(vectors, 5),
}
const other: CardVectors = {
  description: row(vectors, 6),
  queries: row(vectors, 7),
  documents: row(vectors, 8),
}
const x = unitRows(7, 24, 2)

/** Greatest difference of what two cards' heads do to the same queries, a little away from the start. */
function difference(change: Partial<NetworkDescription>, a: CardVectors, b: CardVectors): number {
  const made = { ...description, ...change }
  const random = randomStream(4, 'weights')
  const parameters = createNetwork(made).initialParameters(random)
  for (const { data } of parameters) for (let i = 0; i < data.length; i++) data[i] += 0.1 * random.normal()
  const network = createHypernetwork(made, parameters)
  const found = greatestDifference(network.transform(a, means, x), network.transform(b, means, x))
  network.dispose()
  return found
}

const ONE = { names: ['a'], of: [0], shared: false }

describe('heads that are held', () => {
  it.each(generators.map(({ name }) => name))(
    'of %s do what the card does, and leave no tensor behind',
    (name) => {
      const made = { ...description, generator: { name, options: {} }, tasks: ['a'], experts: ONE }
      const before = tf.memory().numTensors
      const network = createHypernetwork(
        made,
        createNetwork(made).initialParameters(randomStream(4, 'weights')),
      )
      const held = network.hold(card, means)
      for (let turn = 0; turn < 2; turn++)
        expect(greatestDifference(held.transform(x), network.transform(card, means, x))).toBe(0)
      held.dispose()
      expect(greatestDifference(network.transform(card, means, x), network.transform(card, means, x))).toBe(0)
      network.dispose()
      expect(tf.memory().numTensors).toBe(before)
    },
  )
})

describe('the registries', () => {
  it('hold one spec of each name', () => {
    expect(generators.map(({ name }) => name)).toEqual([
      'basis',
      'bias',
      'constant',
      'direct',
      'experts',
      'film',
      'low-rank',
      'task-id',
    ])
    expect(heads.map(({ name }) => name)).toEqual(['bias', 'film', 'full', 'projection', 'residual'])
  })
})

describe('the default network', () => {
  it('starts from the numbers it always did, in the same order', () => {
    const hash = createHash('sha256')
    for (const { name, shape, data } of createNetwork(description).initialParameters(
      randomStream(1, 'weights'),
    )) {
      hash.update(`${name} ${shape.join('x')}\n`)
      hash.update(new Uint8Array(data.buffer))
    }
    expect(hash.digest('hex')).toBe('f9b7b688c6f7f95ba373da4d24cb30d277bae5cfad703c5868462eb628513fe5')
  })

  it('does not decay the maps that carry the control', () => {
    const kept = createNetwork(description).parameters.filter(({ decayed }) => !decayed)
    expect(kept.map(({ name }) => name)).toEqual(['documentMap', 'descriptionMap', 'queryMap'])
  })
})

describe('pairs that make no sense', () => {
  it.each([
    ['low-rank', 'film'],
    ['low-rank', 'bias'],
    ['film', 'bias'],
  ])('%s cannot make the head %s', (generator, head) => {
    const asked = {
      ...description,
      generator: { name: generator, options: {} },
      head: { name: head, options: {} },
    }
    expect(() => createNetwork(asked)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })

  it('a head of other outputs needs a head for the documents', () => {
    const asked = { ...description, head: { name: 'projection', options: { dimensions: 16 } } }
    expect(() => createNetwork(asked)).toThrow(expect.objectContaining({ code: 'USAGE' }))
    expect(createNetwork({ ...asked, side: 'both' }).outputs).toBe(16)
    expect(createNetwork({ ...asked, side: 'separate' }).outputs).toBe(16)
    const same = { ...description, head: { name: 'projection', options: { dimensions: 24 } } }
    expect(createNetwork(same).outputs).toBe(24)
  })

  it('task ids need tasks', () => {
    const asked = { ...description, generator: { name: 'task-id', options: {} } }
    expect(() => createNetwork(asked)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })

  it('unknown names and options', () => {
    const unknown = { ...description, generator: { name: 'magic', options: {} } }
    expect(() => createNetwork(unknown)).toThrow(expect.objectContaining({ code: 'OPTION_UNKNOWN' }))
    const headless = { ...description, head: { name: 'magic', options: {} } }
    expect(() => createNetwork(headless)).toThrow(expect.objectContaining({ code: 'OPTION_UNKNOWN' }))
    const option = { ...description, generator: { name: 'basis', options: { skip: 'perhaps' } } }
    expect(() => createNetwork(option)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})

describe('conditioning', () => {
  it.each(['description', 'queries', 'documents'] as const)(
    'a card’s %s left out changes nothing',
    (part) => {
      // The difference is made of queries and documents, so it goes too.
      const conditioning = USUAL_PARTS.filter((name) => name !== part && name !== 'difference')
      const changed = { ...card, [part]: other[part] }
      expect(difference({ conditioning }, card, changed)).toBe(0)
      expect(difference({}, card, changed)).toBeGreaterThan(1e-3)
    },
  )

  it('its corpus, where that is asked for: in the documents’ place, unless the card shows some', () => {
    const here = { ...card, corpus: card.documents }
    const there = { ...card, corpus: other.documents }
    expect(difference({}, here, there)).toBe(0)
    expect(difference({ conditioning: ['description', 'corpus'] }, here, there)).toBeGreaterThan(1e-3)
    expect(difference({ conditioning: ['documents', 'corpus'] }, here, there)).toBe(0)
    // The constant card is of no corpus.
    const constant = constantCard(means)
    expect(difference({ conditioning: ['corpus'] }, constant, { ...constant, corpus: means.documents })).toBe(
      0,
    )
  })

  it('nothing of a card seen is no card', () => {
    expect(difference({ conditioning: [] }, card, other)).toBe(0)
    expect(difference({ conditioning: [] }, card, constantCard(means))).toBe(0)
  })

  it('the difference alone still tells cards apart', () => {
    expect(difference({ conditioning: ['difference'] }, card, other)).toBeGreaterThan(1e-5)
  })
})

describe('controls', () => {
  const taskId = { generator: { name: 'task-id', options: {} }, tasks: ['a', 'b', 'c'] }

  it('task ids look at the id and not at the card', () => {
    expect(difference(taskId, { ...card, id: 'a' }, { ...other, id: 'a' })).toBe(0)
    expect(difference(taskId, { ...card, id: 'a' }, { ...card, id: 'b' })).toBeGreaterThan(1e-3)
  })

  it('an unknown task gets the mean of the trained ones’ heads', () => {
    const made = { ...description, ...taskId }
    const network = createNetwork(made)
    const weights = parameterTensors(network.initialParameters(randomStream(2, 'weights')))
    const coefficients = (id?: string) => {
      const { queries } = network.generate(weights, network.cardTensors([{ ...card, id }], [means]))
      const [term] = queries.map
      return term.kind === 'gated' ? [...(term.gates!.dataSync() as Float32Array)] : []
    }
    const known = ['a', 'b', 'c'].map(coefficients)
    for (const unknown of [coefficients('z'), coefficients()]) {
      expect(unknown).toHaveLength(5)
      unknown.forEach((value, k) => {
        expect(value).toBeCloseTo((known[0][k] + known[1][k] + known[2][k]) / 3, 5)
      })
    }
    for (const tensor of Object.values(weights)) tensor.dispose()
  })

  it('the constant generator makes one head for all cards', () => {
    expect(difference({ generator: { name: 'constant', options: {} } }, card, other)).toBe(0)
  })

  it('heads of both sides of `both` are one, those of `separate` two', () => {
    for (const side of ['both', 'separate'] as const) {
      const made = { ...description, side }
      const network = createHypernetwork(made, createNetwork(made).initialParameters(randomStream(9, 'w')))
      const distance = greatestDifference(
        network.transform(card, means, x),
        network.transformDocuments(card, means, x)!,
      )
      network.dispose()
      if (side === 'both') expect(distance).toBe(0)
      else expect(distance).toBeGreaterThan(0.01)
    }
    const network = createHypernetwork(
      description,
      createNetwork(description).initialParameters(randomStream(9, 'w')),
    )
    expect(network.compileDocuments(card, means)).toBeNull()
    expect(network.transformDocuments(card, means, x)).toBeNull()
    network.dispose()
  })
})
