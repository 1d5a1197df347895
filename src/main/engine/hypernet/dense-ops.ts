import * as tf from '@tensorflow/tfjs'
import { LAYER_NORM_EPSILON } from './head'

/**
 * code·w for a w that is far larger than everything else: its way back never transposes or packs w (25
 * million weights for a generated 384 × 256 matrix), only the T rows of the gradient.
 */
export const expand = tf.customGrad((a, b, save) => {
  const left = a as tf.Tensor2D
  const right = b as tf.Tensor2D
  ;(save as tf.GradSaveFunc)([left, right])
  return {
    value: tf.matMul(left, right),
    gradFunc: (dy, saved) => {
      const [code, w] = saved as tf.Tensor2D[]
      return [
        tf.transpose(tf.matMul(w, dy as tf.Tensor2D, false, true)),
        tf.matMul(code, dy as tf.Tensor2D, true),
      ]
    },
  }
}) as (code: tf.Tensor2D, w: tf.Tensor2D) => tf.Tensor2D

/**
 * x·W for each of T tasks and a constant x, where W is one of few matrices: each is multiplied once with the rows of all its
 * tasks, and none is made anew.
 * @param x [T, n, in] @param weights [E, in·out] @param picks [T] @returns [T, n, out]
 */
export function projectPicked(x: tf.Tensor3D, weights: tf.Tensor2D, picks: readonly number[]): tf.Tensor3D {
  const [tasks, rows, inputs] = x.shape
  const [count, size] = weights.shape
  const outputs = size / inputs
  const groups = new Map<number, number[]>()
  picks.forEach((pick, task) => {
    groups.set(pick, [...(groups.get(pick) ?? []), task])
  })
  const order = [...groups.values()].flat()
  /** The rows of these tasks, [their n, columns]. */
  const ofTasks = (batch: tf.Tensor3D, some: readonly number[]) =>
    tf.reshape(some.length === tasks ? batch : tf.gather(batch, [...some]), [
      some.length * rows,
      batch.shape[2],
    ])
  const product = tf.customGrad((w, save) => {
    ;(save as tf.GradSaveFunc)([x])
    const matrices = matricesOf(tf.reshape(w as tf.Tensor, [count, inputs, outputs]), [...groups.keys()])
    const parts = [...groups.values()].map((some, at) => tf.matMul(ofTasks(x, some), matrices[at]))
    const together = tf.reshape(tf.concat(parts), [tasks, rows, outputs])
    return {
      value: tf.gather(
        together,
        picks.map((_, task) => order.indexOf(task)),
      ),
      gradFunc: (dy, [kept]) => {
        const gradients = Array.from({ length: count }, (_, pick) => {
          const some = groups.get(pick)
          if (!some) return tf.zeros([inputs, outputs])
          return tf.matMul(ofTasks(kept as tf.Tensor3D, some), ofTasks(dy as tf.Tensor3D, some), true)
        })
        return tf.reshape(tf.stack(gradients), [count, size])
      },
    }
  })
  return product(weights) as tf.Tensor3D
}

/** Of a batch of matrices these. The wasm backend's slice copies all of the batch for each part, so there one copy serves all. */
function matricesOf(
  batch: tf.Tensor3D,
  places: readonly number[] = Array.from({ length: batch.shape[0] }, (_, place) => place),
): tf.Tensor2D[] {
  const [, rows, columns] = batch.shape
  const size = rows * columns
  if (tf.getBackend() !== 'wasm')
    return places.map((place) => tf.squeeze(tf.slice(batch, [place, 0, 0], [1, rows, columns]), [0]))
  const values = batch.dataSync() as Float32Array
  return places.map((place) =>
    tf.tensor2d(values.subarray(place * size, (place + 1) * size), [rows, columns]),
  )
}

/** GELU in its tanh form (Hendrycks & Gimpel 2016). */
export function gelu<T extends tf.Tensor>(x: T): T {
  const cube = tf.mul(tf.mul(x, x), x)
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, cube)))
  return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(inner))) as T
}

/** Layer normalisation over the last axis (Ba et al. 2016); scale and shift broadcast. */
export function layerNorm<T extends tf.Tensor>(x: T, scale: tf.Tensor, shift: tf.Tensor): T {
  const centred = tf.sub(x, tf.mean(x, -1, true))
  const variance = tf.mean(tf.mul(centred, centred), -1, true)
  const deviation = tf.sqrt(tf.add(variance, LAYER_NORM_EPSILON))
  return tf.add(tf.mul(tf.div(centred, deviation), scale), shift) as T
}
