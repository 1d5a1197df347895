import { describe, expect, it } from 'vitest'
import type { Parameters } from '../../../../src/main/engine/hypernet/parameters'
import { adamWStep, createAdamWState, learningRateAt } from '../../../../src/main/engine/training/adamw/adamw'

const options = { learningRate: 1e-3, weightDecay: 0.1, warmupSteps: 4, steps: 20 }
const parameters = (): Parameters => [
  { name: 'bias', shape: [2], data: Float32Array.from([1, -2]), decayed: true },
  { name: 'documentMap', shape: [2], data: Float32Array.from([1, -2]), decayed: false },
]

describe('AdamW', () => {
  it('warms up linearly, then falls by half a cosine to zero', () => {
    expect(learningRateAt(0, options)).toBeCloseTo(1e-3 / 4, 9)
    expect(learningRateAt(10, options)).toBeCloseTo(0.5e-3, 9)
    expect(learningRateAt(19, options)).toBeLessThan(1e-5)
  })

  it('takes a first step of the learning rate against the sign of the gradient, decay decoupled', () => {
    const weights = parameters()
    const state = createAdamWState(weights)
    const gradient = [Float32Array.from([0.3, -7]), Float32Array.from([0.3, -7])]
    adamWStep(weights, gradient, state, 0, options)
    const rate = learningRateAt(0, options)
    // bias-corrected moments of one step are the gradient and its square: m / √v = ±1
    expect(weights[0].data[0]).toBeCloseTo(1 - rate - rate * 0.1 * 1, 6)
    expect(weights[0].data[1]).toBeCloseTo(-2 + rate + rate * 0.1 * 2, 6)
    // the maps are not decayed
    expect(weights[1].data[0]).toBeCloseTo(1 - rate, 6)
    expect(weights[1].data[1]).toBeCloseTo(-2 + rate, 6)
  })

  it('follows the textbook over many steps', () => {
    const weights: Parameters = [{ name: 'bias', shape: [1], data: Float32Array.from([0.5]), decayed: true }]
    const state = createAdamWState(weights)
    let [w, m, v] = [0.5, 0, 0]
    for (let step = 0; step < 20; step++) {
      const g = Math.sin(step) + w
      adamWStep(weights, [Float32Array.from([g])], state, step, options)
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      const rate = learningRateAt(step, options)
      const update = m / (1 - 0.9 ** (step + 1)) / (Math.sqrt(v / (1 - 0.999 ** (step + 1))) + 1e-8)
      w -= rate * (update + 0.1 * w)
    }
    expect(weights[0].data[0]).toBeCloseTo(w, 5)
  })

  it('leaves a map alone that never saw a gradient, and moves it on when it has momentum', () => {
    const weights = parameters()
    const state = createAdamWState(weights)
    const none = () => [new Float32Array(2), new Float32Array(2)]
    adamWStep(weights, none(), state, 0, options)
    expect([...weights[1].data]).toEqual([1, -2])
    adamWStep(weights, [new Float32Array(2), Float32Array.from([1, 1])], state, 1, options)
    const before = weights[1].data[0]
    adamWStep(weights, none(), state, 2, options)
    expect(weights[1].data[0]).toBeLessThan(before)
  })
})
