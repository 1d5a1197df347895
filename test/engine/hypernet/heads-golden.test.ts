import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CardVectors } from '../../../src/main/engine/hypernet/card-vectors'
import { createNetwork, type NetworkDescription } from '../../../src/main/engine/hypernet/network'
import { countValues } from '../../../src/main/engine/hypernet/parameters'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'

// Recorded by test/oracle/heads.py (JAX, float64).
const golden = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../fixtures/heads.json'), 'utf8'))
const d: number = golden.shape.dimensions

interface Case extends Pick<NetworkDescription, 'generator' | 'head' | 'side' | 'conditioning'> {
  readonly value: number
  readonly outputs: Readonly<Record<'queries' | 'documents', number[] | undefined>>
  readonly gradients: Readonly<Record<string, number[]>>
}
const cases: readonly Case[] = golden.cases
const name = ({ generator, head, side, conditioning }: Case) =>
  `${generator.name} ${generator.options.skip ? 'with' : 'without'} skip, ${head.name} ${JSON.stringify(head.options)}, ${side}, ${conditioning.length} parts`

const mean = {
  description: Float32Array.from(golden.mean.description),
  queries: Float32Array.from(golden.mean.queries),
  documents: Float32Array.from(golden.mean.documents),
}
const trained = Array.from({ length: golden.tasks }, (_, i) => `task ${i}`)
const cards: CardVectors[] = golden.ids.map((id: number, t: number) => {
  const part = (key: string) => Float32Array.from(golden.card[key].slice(t * d, (t + 1) * d))
  return {
    description: part('description'),
    queries: part('queries'),
    documents: part('documents'),
    id: trained[id] ?? 'never trained',
  }
})

/** The oracle's rule for its numbers. */
function wave(seed: number, length: number, amplitude: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => amplitude * Math.sin(12.9898 * (i + 1) + 7.8233 * seed))
}
const ONES = ['normScale', 'scale', 'outputScale', 'unitScale']
function weight(key: string, index: number, size: number): Float32Array {
  const one = ONES.includes(key.slice(key.indexOf('/') + 1)) ? 1 : 0
  return wave(index, size, 0.4).map((value) => value + one)
}

function expectClose(values: ArrayLike<number>, expected: readonly number[], what: string): void {
  expect(values.length, what).toBe(expected.length)
  const scale = Math.max(1, ...expected.map(Math.abs))
  for (let i = 0; i < values.length; i++)
    expect(Math.abs(values[i] - expected[i]) / scale, `${what}[${i}]`).toBeLessThan(1e-5)
}

describe.each(['wasm', 'cpu'])('on %s', (backend) => {
  beforeAll(() => chooseBackend(backend))

  it.each(cases.map((golden) => [name(golden), golden] as const))('%s', (_name, expected) => {
    const network = createNetwork({
      ...expected,
      shape: golden.shape,
      start: { documentGain: 0, descriptionGain: 0 },
      tasks: trained,
    })
    const names = Object.keys(expected.gradients)
    expect(network.parameters.map((spec) => spec.name)).toEqual(names)
    let gradients: Float32Array[] = []
    let value = Number.NaN
    const outputs: Record<string, Float32Array> = {}
    tf.tidy(() => {
      const inputs = network.cardTensors(
        cards,
        cards.map(() => mean),
      )
      const rows = (values: number[]) => tf.tensor2d(Float32Array.from(values), [values.length / d, d])
      const objective = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
        const made = network.generate(network.named(tensors), inputs)
        const sides = {
          queries: network.transformQueries(made, rows(golden.queries)),
          documents: network.transformDocuments(made, rows(golden.documents)),
        }
        const pulled = Object.entries(sides).flatMap(([side, y], i) => {
          if (!y) return []
          outputs[side] = y.dataSync() as Float32Array
          return [tf.sum(tf.mul(y, tf.tensor(wave(130 + i, y.size, 1), y.shape)))]
        })
        return tf.addN(pulled) as tf.Scalar
      })
      const result = objective(
        network.parameters.map((spec, index) =>
          tf.tensor(weight(spec.name, index, countValues(spec.shape)), [...spec.shape]),
        ),
      )
      value = (result.value.dataSync() as Float32Array)[0]
      gradients = result.grads.map((gradient) => gradient.dataSync() as Float32Array)
    })
    expect(Object.keys(outputs)).toEqual(Object.keys(expected.outputs))
    for (const [side, y] of Object.entries(outputs))
      expectClose(y, expected.outputs[side as 'queries']!, side)
    expectClose([value], [expected.value], 'value')
    names.forEach((key, index) => {
      expectClose(gradients[index], expected.gradients[key], key)
    })
  })
})
