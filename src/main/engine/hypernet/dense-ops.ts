import * as tf from '@tensorflow/tfjs'
import { LAYER_NORM_EPSILON } from './head'

const GELU_SCALE = Math.sqrt(2 / Math.PI)
const GELU_CUBE = 0.044715

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

/** u = y / ‖y‖ along the last axis; its gradient (g − ⟨g, u⟩·u) / ‖y‖ in a third of the operations that the tape makes of it. */
export const normalize = tf.customGrad<tf.Tensor>((input, save) => {
  const y = input as tf.Tensor
  const length = tf.sqrt(tf.sum(tf.mul(y, y), -1, true))
  const unit = tf.div(y, length)
  ;(save as tf.GradSaveFunc)([unit, length])
  return {
    value: unit,
    gradFunc: (dy, [u, norm]) => tf.div(tf.sub(dy, tf.mul(u, tf.sum(tf.mul(dy, u), -1, true))), norm),
  }
}) as <T extends tf.Tensor>(y: T) => T

/** ‖y − x‖² over all values, for a constant x: its gradient is 2(y − x), where the tape makes ones, spreads and multiplies them. */
export function squaredDistance(y: tf.Tensor2D, x: tf.Tensor2D): tf.Scalar {
  const distance = tf.customGrad((input, save) => {
    const difference = tf.sub(input as tf.Tensor2D, x)
    ;(save as tf.GradSaveFunc)([difference])
    return {
      value: tf.sum(tf.mul(difference, difference)),
      gradFunc: (dy, [kept]) => tf.mul(kept, tf.mul(dy, 2)),
    }
  })
  return distance(y) as tf.Scalar
}

/**
 * GELU in its tanh form (Hendrycks & Gimpel 2016), x·(1 + t) / 2 with t = tanh(√(2/π)·(x + .044715·x³)); its gradient
 * (1 + t) / 2 + x·(1 − t²) / 2·√(2/π)·(1 + 3·.044715·x²) in half of the operations that the tape makes of it.
 */
export const gelu = tf.customGrad<tf.Tensor>((input, save) => {
  const x = input as tf.Tensor
  const square = tf.mul(x, x)
  const t = tf.tanh(tf.mul(x, tf.add(GELU_SCALE, tf.mul(GELU_SCALE * GELU_CUBE, square))))
  ;(save as tf.GradSaveFunc)([x, square, t])
  return {
    value: tf.mul(tf.mul(x, 0.5), tf.add(1, t)),
    gradFunc(dy, [x, square, t]) {
      const slope = tf.add(GELU_SCALE / 2, tf.mul((3 * GELU_SCALE * GELU_CUBE) / 2, square))
      const bend = tf.mul(tf.mul(x, slope), tf.sub(1, tf.mul(t, t)))
      return tf.mul(dy, tf.add(tf.add(0.5, tf.mul(t, 0.5)), bend))
    },
  }
}) as <T extends tf.Tensor>(x: T) => T

/** Layer normalisation over the last axis (Ba et al. 2016); scale and shift broadcast. */
export function layerNorm<T extends tf.Tensor>(x: T, scale: tf.Tensor, shift: tf.Tensor): T {
  const centred = tf.sub(x, tf.mean(x, -1, true))
  const variance = tf.mean(tf.mul(centred, centred), -1, true)
  const deviation = tf.sqrt(tf.add(variance, LAYER_NORM_EPSILON))
  return tf.add(tf.mul(tf.div(centred, deviation), scale), shift) as T
}
