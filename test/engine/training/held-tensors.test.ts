import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { describe, expect, it } from 'vitest'
import { heldTensors } from '../../../src/main/engine/training/held-tensors'

describe.each(['cpu', 'wasm'])('heldTensors on %s', (backend) => {
  it('reads what outlives the tidy it was made in, and lets it go', async () => {
    await tf.setBackend(backend)
    await tf.ready()
    const before = tf.memory().numTensors
    const held = heldTensors()
    let values: Float32Array[] = []
    for (const factor of [1, 2]) {
      tf.tidy(() => {
        values = held.read([tf.mul(tf.tensor1d([1, 2, 3]), factor), tf.tensor1d([4])])
      })
      expect(values.map((array) => [...array])).toEqual([[factor, 2 * factor, 3 * factor], [4]])
    }
    held.release()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('gives each of several gradients that are one tensor values of its own', async () => {
    await tf.setBackend(backend)
    await tf.ready()
    const held = heldTensors()
    let values: Float32Array[] = []
    tf.tidy(() => {
      const sum = tf.grads((a, b) => tf.sum(tf.mul(tf.add(a, b), 3)))
      values = held.read(sum([tf.tensor1d([1, 2]), tf.tensor1d([3, 4])]))
    })
    values[0].fill(0)
    expect([...values[1]]).toEqual([3, 3])
    held.release()
  })
})
