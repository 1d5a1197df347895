import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { wasmMemory } from '../../../../src/main/engine/training/backends/wasm-memory'
import { chooseBackend } from '../../../../src/main/engine/training/choose-backend'
import { unitRows } from '../../tiny-task'

/** Values of a product, and of its gradients along an array of ones scaled by place. */
async function product(
  backend: string,
  [a, b]: readonly [readonly number[], readonly number[]],
  [transposeA, transposeB]: readonly [boolean, boolean],
) {
  await chooseBackend(backend)
  const tensors = [a, b].map((shape, i) => tf.tensor(made(shape, i), [...shape]))
  const before = tf.memory().numTensors
  const multiply = (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, transposeA, transposeB)
  const values = tf.tidy(() => {
    const y = multiply(tensors[0], tensors[1])
    const along = tf.tensor(made(y.shape, 2), y.shape)
    const gradients = tf.grads((...inputs) => tf.sum(tf.mul(multiply(inputs[0], inputs[1]), along)))(tensors)
    return [y, ...gradients].map((tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] }))
  })
  expect(tf.memory().numTensors).toBe(before)
  tf.dispose(tensors)
  return values
}

function made(shape: readonly number[], seed: number): Float32Array {
  const size = shape.reduce((all, one) => all * one, 1)
  return size === 0 ? new Float32Array(0) : unitRows(1, size, 1 + seed).data
}

describe('products on wasm', () => {
  it.each<[string, [number[], number[]], [boolean, boolean]]>([
    [
      'two matrices',
      [
        [5, 7],
        [7, 3],
      ],
      [false, false],
    ],
    [
      'the first transposed',
      [
        [7, 5],
        [7, 3],
      ],
      [true, false],
    ],
    [
      'the second transposed',
      [
        [5, 7],
        [3, 7],
      ],
      [false, true],
    ],
    [
      'both transposed',
      [
        [7, 5],
        [3, 7],
      ],
      [true, true],
    ],
    [
      'a vector each',
      [
        [1, 7],
        [7, 1],
      ],
      [false, false],
    ],
    [
      'a batch',
      [
        [4, 5, 7],
        [4, 7, 3],
      ],
      [false, false],
    ],
    [
      'a batch, the first transposed',
      [
        [4, 7, 5],
        [4, 7, 3],
      ],
      [true, false],
    ],
    [
      'a batch, the second transposed',
      [
        [4, 5, 7],
        [4, 3, 7],
      ],
      [false, true],
    ],
    [
      'a batch of batches',
      [
        [2, 3, 5, 7],
        [2, 3, 7, 4],
      ],
      [false, false],
    ],
    [
      'few rows that make a large gradient',
      [
        [5, 400],
        [400, 97],
      ],
      [false, false],
    ],
    [
      'few rows, transposed, that make a large product',
      [
        [5, 400],
        [5, 97],
      ],
      [true, false],
    ],
    [
      'few rows, both transposed, that make a large product',
      [
        [5, 400],
        [97, 5],
      ],
      [true, true],
    ],
    [
      'large enough for every way of multiplying',
      [
        [130, 400],
        [400, 97],
      ],
      [false, false],
    ],
  ])('%s: what plain JavaScript gives, and its gradients', async (_, shapes, transposed) => {
    const [expected, got] = [
      await product('cpu', shapes, transposed),
      await product('wasm', shapes, transposed),
    ]
    got.forEach(({ shape, values }, i) => {
      expect(shape).toEqual(expected[i].shape)
      values.forEach((value, at) => {
        expect(value).toBeCloseTo(expected[i].values[at], 5)
      })
    })
  })

  it('of matrices without rows or columns', async () => {
    await chooseBackend('wasm')
    const [none, some] = [tf.zeros([3, 0]) as tf.Tensor2D, tf.zeros([0, 2]) as tf.Tensor2D]
    expect([...tf.matMul(none, some).dataSync()]).toEqual([0, 0, 0, 0, 0, 0])
    expect(tf.matMul(some, tf.zeros([2, 4])).shape).toEqual([0, 4])
    const large = tf.matMul(tf.zeros([0, 200]), tf.zeros([0, 100]), true)
    expect(Math.max(...large.dataSync())).toBe(0)
  })

  it('when the memory grows for the product itself', async () => {
    await chooseBackend('wasm')
    const { memory } = wasmMemory()!.wasm.asm
    const before = memory.buffer.byteLength
    // More than there is, whatever other tests have left.
    const rows = Math.ceil((before / 4 + 2 ** 20) / 2048)
    const [a, b] = [tf.fill([rows, 1], 3), tf.fill([1, 2048], 2)] as [tf.Tensor2D, tf.Tensor2D]
    const product = tf.matMul(a, b)
    expect(memory.buffer.byteLength).toBeGreaterThan(before)
    expect([...tf.slice(product, [rows - 1, 2046], [1, 2]).dataSync()]).toEqual([6, 6])
    tf.dispose([a, b, product])
  })
})

describe('clones on wasm', () => {
  it('have the values of the original, also when that is gone', async () => {
    await chooseBackend('wasm')
    const before = tf.memory()
    const original = tf.tensor1d([1, 2, 3])
    const clone = original.clone()
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + 1)
    original.dispose()
    expect([...clone.dataSync()]).toEqual([1, 2, 3])
    clone.dispose()
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers)
  })
})
