import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { gelu, normalize, projectPicked, squaredDistance } from '../../../src/main/engine/hypernet/dense-ops'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { unitRows } from '../tiny-task'

const [TASKS, ROWS, INPUTS, OUTPUTS, COUNT] = [4, 3, 5, 6, 3]
const values = (rows: number, columns: number, seed: number) => unitRows(rows, columns, seed).data
const x = values(TASKS * ROWS, INPUTS, 1)
/** What the gradient is asked along, so that every entry of it differs. */
const along = values(TASKS * ROWS, OUTPUTS, 2)

/** y[t] = x[t] W[of t], and Σ_t xᵀ along[t] of each W, by loops. */
function byLoops(weights: Float32Array, count: number, picks: readonly number[]) {
  const y = new Float64Array(TASKS * ROWS * OUTPUTS)
  const gradient = new Float64Array(count * INPUTS * OUTPUTS)
  picks.forEach((pick, t) => {
    for (let n = t * ROWS; n < (t + 1) * ROWS; n++)
      for (let i = 0; i < INPUTS; i++)
        for (let o = 0; o < OUTPUTS; o++) {
          const at = (pick * INPUTS + i) * OUTPUTS + o
          y[n * OUTPUTS + o] += x[n * INPUTS + i] * weights[at]
          gradient[at] += x[n * INPUTS + i] * along[n * OUTPUTS + o]
        }
  })
  return { y: [...y], gradient: [...gradient] }
}

/** The same as the operation gives them. */
function byTensors(
  product: (x: tf.Tensor3D, w: tf.Tensor) => tf.Tensor3D,
  weights: Float32Array,
  shape: number[],
) {
  return tf.tidy(() => {
    const queries = tf.tensor3d(x, [TASKS, ROWS, INPUTS])
    const w = tf.tensor(weights, shape)
    const y = product(queries, w)
    const direction = tf.tensor3d(along, [TASKS, ROWS, OUTPUTS])
    const gradient = tf.grad((v) => tf.sum(tf.mul(product(queries, v), direction)))(w)
    return { y: [...y.dataSync()], gradient: [...gradient.dataSync()] }
  })
}

const isNear = (got: ReturnType<typeof byLoops>, expected: ReturnType<typeof byLoops>) => {
  for (const part of ['y', 'gradient'] as const) {
    expect(got[part]).toHaveLength(expected[part].length)
    got[part].forEach((value, i) => {
      expect(value, `${part} ${i}`).toBeCloseTo(expected[part][i], 5)
    })
  }
}

describe.each(['cpu', 'wasm'])('products of several matrices on %s', (backend) => {
  it('have a matrix of each task', async () => {
    await chooseBackend(backend)
    const weights = values(TASKS * INPUTS, OUTPUTS, 3)
    const expected = byLoops(weights, TASKS, [0, 1, 2, 3])
    isNear(
      byTensors((a, w) => tf.matMul(a, w as tf.Tensor3D), weights, [TASKS, INPUTS, OUTPUTS]),
      expected,
    )
  })

  it.each([{ picks: [2, 0, 2, 0] }, { picks: [1, 1, 1, 1] }, { picks: [2, 1, 0, 2] }])(
    'have one of few matrices for each task: $picks',
    async ({ picks }) => {
      await chooseBackend(backend)
      const weights = values(COUNT * INPUTS, OUTPUTS, 4)
      const before = tf.memory().numTensors
      const got = byTensors((a, w) => projectPicked(a, w as tf.Tensor2D, picks), weights, [
        COUNT,
        INPUTS * OUTPUTS,
      ])
      expect(tf.memory().numTensors).toBe(before)
      isNear(got, byLoops(weights, COUNT, picks))
    },
  )
})

describe.each(['cpu', 'wasm'])('what has a gradient of its own on %s', (backend) => {
  const other = () => tf.tensor2d(values(TASKS * ROWS, OUTPUTS, 6), [TASKS * ROWS, OUTPUTS])
  const cube = (x: tf.Tensor) => tf.add(x, tf.mul(0.044715, tf.mul(tf.mul(x, x), x)))

  it.each<[string, (x: tf.Tensor) => tf.Tensor, (x: tf.Tensor) => tf.Tensor]>([
    ['normalize', normalize, (x) => tf.div(x, tf.sqrt(tf.sum(tf.mul(x, x), -1, true)))],
    [
      'gelu',
      gelu,
      (x) => tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), cube(x))))),
    ],
    [
      'squaredDistance',
      (x) => squaredDistance(x as tf.Tensor2D, other()),
      (x) => tf.sum(tf.squaredDifference(x, other())),
    ],
  ])('%s has that which the tape makes of its formula', async (_, operation, formula) => {
    await chooseBackend(backend)
    const before = tf.memory().numTensors
    const [got, expected] = tf.tidy(() => {
      const x = tf.mul(tf.tensor2d(values(TASKS * ROWS, OUTPUTS, 5), [TASKS * ROWS, OUTPUTS]), 3)
      const direction = tf.tensor2d(along, [TASKS * ROWS, OUTPUTS])
      return [operation, formula].map((apply) => {
        const gradient = tf.grad((v) => tf.sum(tf.mul(apply(v), direction)))(x)
        return [...apply(x).dataSync(), ...gradient.dataSync()]
      })
    })
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 5)
    })
    expect(tf.memory().numTensors).toBe(before)
  })
})
