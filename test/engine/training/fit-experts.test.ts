import * as tf from '@tensorflow/tfjs'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { SHARED_EXPERT } from '../../../src/main/engine/hypernet/experts/expert-plan'
import { experts } from '../../../src/main/engine/hypernet/generators/experts'
import { applyHead } from '../../../src/main/engine/hypernet/head'
import { createHypernetwork, greatestDifference } from '../../../src/main/engine/hypernet/hypernetwork'
import { createNetwork, type NetworkDescription } from '../../../src/main/engine/hypernet/network'
import { settleParameters } from '../../../src/main/engine/hypernet/parameters'
import { type Matrix, meanRow, row } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { decodeCheckpoint, encodeCheckpoint } from '../../../src/main/engine/training/checkpoint'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { fitExperts } from '../../../src/main/engine/training/fit-experts'
import { unitRows } from '../tiny-task'
import {
  cards,
  corpus,
  d,
  description,
  fit,
  fitted,
  golden,
  means,
  names,
  tasks,
  text,
  trained,
  vector,
} from './golden-experts'

function expectClose(values: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(values.length, what).toBe(expected.length)
  const scale = Math.max(1, ...expected.map(Math.abs))
  for (let i = 0; i < values.length; i++)
    expect(Math.abs(values[i] - expected[i]) / scale, `${what}[${i}]`).toBeLessThan(1e-5)
}

beforeAll(() => chooseBackend('wasm'))

describe('experts behind a card', () => {
  it('have the gates of an independent fit, members and whole families left out', () => {
    expect(fitted.plan.names).toEqual(golden.names)
    expect(fitted.plan.shared).toBe(true)
    expectClose(fitted.values.gates, golden.gates, 'gates')
  })

  it('give the shares, outputs, fold and gradients of an independent autodiff', () => {
    const network = createNetwork(description)
    const parameters = trained()
    const trainable = parameters.filter(({ fixed }) => !fixed)
    tf.tidy(() => {
      const inputs = network.cardTensors(
        cards,
        cards.map(() => means),
      )
      const rows = (values: readonly number[]) => tf.tensor2d(vector(values), [values.length / d, d])
      const fixed = parameters.map(({ data, shape }) => tf.tensor(data, [...shape]))
      const objective = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        let next = 0
        const all = parameters.map((one, p) => (one.fixed ? fixed[p] : tensors[next++]))
        const y = network.forward(network.named(all), inputs, rows(golden.queries))
        expectClose(y.dataSync(), golden.outputs, 'outputs')
        return tf.sum(tf.mul(y, rows(golden.pull))) as tf.Scalar
      })
      const { value, grads } = objective(trainable.map(({ data, shape }) => tf.tensor(data, [...shape])))
      expectClose(value.dataSync(), [golden.value], 'value')
      trainable.forEach(({ name }, p) => {
        expectClose(grads[p].dataSync(), golden.gradients[name], name)
      })
    })
    const made = createHypernetwork(description, parameters)
    cards.forEach((card, t) => {
      const { weight, bias } = made.compile(card, means)
      expectClose(weight.data, golden.fold[t].weight, `fold ${t}`)
      expectClose(bias, golden.fold[t].bias, `bias ${t}`)
    })
    made.dispose()
  })

  it('say which, how much and why, the largest share first', () => {
    const made = createHypernetwork(description, trained())
    const chosen = made.experts(cards[0], means)!
    made.dispose()
    const shares: number[] = golden.new.shares.slice(0, names.length)
    expect(chosen.experts.map(({ share }) => share)).toEqual(
      chosen.experts.map(({ share }) => share).toSorted((a, b) => b - a),
    )
    for (const { name, share, gate, likeness } of chosen.experts) {
      const place = names.findIndex((one) => one.replace('/', '') === name)
      expectClose(
        [share, gate, likeness.text, likeness.corpus],
        [
          shares[place],
          golden.new.gates[0][place],
          ...golden.new.likeness[0].slice(2 * place, 2 * place + 2),
        ],
        name,
      )
    }
    expect(chosen.nearest!.task).toMatch(/^a\./)
  })

  it('leave a card that fits none at the frozen encoder, exactly', () => {
    const shut = { ...fitted.values, gates: fitted.values.gates.map((_, i) => (i % 3 === 2 ? -50 : 0)) }
    const made = createHypernetwork(description, settleParameters(trained(), shut))
    const { weight, bias } = made.compile(cards[0], means)
    expect(made.experts(cards[0], means)!.experts.every(({ share }) => share === 0)).toBe(true)
    made.dispose()
    weight.data.forEach((value, i) => {
      expect(value).toBe(i % (d + 1) === 0 ? 1 : 0)
    })
    expect(bias.every((value) => value === 0)).toBe(true)
  })

  it('shares with a family left out only where collections say whom it must not serve', () => {
    const shared = (of: readonly EncodedTask[]) => {
      const { plan, values } = fitExperts(of, { ...fit, seed: 2 })
      const made = createHypernetwork(
        { ...description, tasks: of.map(({ task }) => task.id), experts: plan },
        settleParameters(
          createNetwork({ ...description, experts: plan }).initialParameters(randomStream(1, 'start')),
          values,
        ),
      )
      const gate = (text: Float32Array, corpus: Float32Array) =>
        made
          .experts({ ...cards[0], description: text, corpus, expert: undefined }, means)!
          .experts.find(({ name }) => name === SHARED_EXPERT)!.gate
      // Halfway between the two families: of neither.
      const between = (vectors: Matrix) => meanRow(vectors, [0, 1, 2, 3, 4, 5, 6])
      const gates = { own: gate(row(text, 0), row(corpus, 0)), strange: gate(between(text), between(corpus)) }
      made.dispose()
      return gates
    }
    const families = shared(tasks.slice(0, 7))
    expect(families.own).toBeGreaterThan(0.5)
    expect(shared(tasks).strange).toBeGreaterThan(families.strange)
  })

  it('are all in the checkpoint: gates, the vectors of the trained cards, whose they are', () => {
    const parameters = trained()
    const zero = new Float32Array(d)
    const bytes = encodeCheckpoint({
      description,
      parameters,
      step: 1,
      dev: 0,
      system: 'task card',
      feedbackWeight: 0,
      encoder: 'tiny',
      encoderSha256: '0',
      descriptionMean: means.description,
      corpusMeans: new Map([['a', { queries: zero, documents: means.documents }]]),
    })
    const read = decodeCheckpoint(bytes, 'here')
    expect(read.description).toEqual(description)
    expect(read.parameters).toEqual(parameters)
  })

  it('of clusters are those of cards that lie together, as many as left-out cards fit best', () => {
    const centres = unitRows(3, 24, 9)
    const places = Array.from({ length: 24 }, (_, i) => i % 3)
    const near = places.map((centre, i) => {
      const noise = row(unitRows(24, 24, 4), i)
      const near = (shift: number) =>
        Float32Array.from(row(centres, (centre + shift) % 3), (value, c) => value + 0.4 * noise[c])
      return {
        ...tasks[0],
        task: { id: `t${i}` },
        description: near(0),
        encoded: { ...tasks[0].encoded, documentMean: near(1) },
      }
    }) as unknown as EncodedTask[]
    const { plan } = fitExperts(
      near.map((task) => ({
        ...task,
        encoded: {
          ...task.encoded,
          centre: { queries: new Float32Array(24), documents: new Float32Array(24) },
        },
      })),
      {
        descriptionMean: new Float32Array(24),
        conditioning: ['description', 'corpus'],
        feedbackWeight: 0,
        options: experts.options.parse({ by: 'clusters' }),
        seed: 1,
      },
    )
    expect(plan.names).toHaveLength(3)
    places.forEach((centre, i) => {
      expect(plan.of[i]).toBe(plan.of[centre])
    })
  })
})

describe.each(['full', 'residual', 'bias', 'film'])('experts on the head %s', (head) => {
  it('fold to what the network computes, for any card, within 1e-5', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom(...names, undefined),
        fc.constantFrom('query', 'both'),
        (seed, expert, side) => {
          const of: NetworkDescription = { ...description, head: { name: head, options: {} }, side }
          const random = randomStream(seed, 'weights')
          const parameters = settleParameters(createNetwork(of).initialParameters(random), fitted.values)
          for (const { data, fixed } of parameters)
            if (!fixed) for (let i = 0; i < data.length; i++) data[i] += 0.2 * random.normal()
          const vectors = unitRows(2, d, seed)
          const card = { ...cards[0], description: row(vectors, 0), corpus: row(vectors, 1), expert }
          const made = createHypernetwork(of, parameters)
          const x = unitRows(3, d, seed + 1)
          expect(
            greatestDifference(applyHead(made.compile(card, means), x), made.transform(card, means, x)),
          ).toBeLessThan(1e-5)
          made.dispose()
        },
      ),
      { numRuns: 12 },
    )
  })
})

describe('experts', () => {
  it.each([
    ['a map that is not square', { head: { name: 'projection', options: { dimensions: 3 } }, side: 'both' }],
    ['a second network for documents', { side: 'separate' }],
  ] as const)('are refused for %s', (_, change) => {
    expect(() => createNetwork({ ...description, ...(change as Partial<NetworkDescription>) })).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })
})
