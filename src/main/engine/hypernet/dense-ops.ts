import * as tf from '@tensorflow/tfjs'
import { LAYER_NORM_EPSILON } from './head'

/**
 * Matrix product a·b whose gradient transposes explicitly. The built-in gradient asks the kernel for transposeA and
 * transposeB, which on the wasm backend is 12–15 times slower than a transpose followed by a plain product
 * (docs/method.md#loss).
 */
export const matMul = tf.customGrad((a, b, save) => {
  const left = a as tf.Tensor2D
  const right = b as tf.Tensor2D
  ;(save as tf.GradSaveFunc)([left, right])
  return {
    value: tf.matMul(left, right),
    gradFunc: (dy, saved) => {
      const [x, w] = saved as tf.Tensor2D[]
      return [tf.matMul(dy as tf.Tensor2D, tf.transpose(w)), tf.matMul(tf.transpose(x), dy as tf.Tensor2D)]
    },
  }
}) as (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D

/** x·w for a constant x: as matMul, without the gradient of x, which nobody asks for. */
export function project(x: tf.Tensor2D, w: tf.Tensor2D): tf.Tensor2D {
  const product = tf.customGrad((weights, save) => {
    // Kept for the way back: it may have been made inside the differentiated function.
    ;(save as tf.GradSaveFunc)([x])
    return {
      value: tf.matMul(x, weights as tf.Tensor2D),
      gradFunc: (dy, [kept]) => tf.matMul(tf.transpose(kept), dy as tf.Tensor2D),
    }
  })
  return product(w) as tf.Tensor2D
}

/**
 * code·w for a w that is far larger than everything else: as matMul, but its way back never transposes or packs w (25
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
        tf.transpose(tf.matMul(w, tf.transpose(dy as tf.Tensor2D))),
        tf.matMul(tf.transpose(code), dy as tf.Tensor2D),
      ]
    },
  }
}) as (code: tf.Tensor2D, w: tf.Tensor2D) => tf.Tensor2D

/** a·b for each of T tasks, [T, n, m]·[T, m, k]: as matMul. */
export const batchMatMul = tf.customGrad((a, b, save) => {
  const left = a as tf.Tensor3D
  const right = b as tf.Tensor3D
  ;(save as tf.GradSaveFunc)([left, right])
  return {
    value: tf.matMul(left, right),
    gradFunc: (dy, saved) => {
      const [x, w] = saved as tf.Tensor3D[]
      return [
        tf.matMul(dy as tf.Tensor3D, tf.transpose(w, [0, 2, 1])),
        tf.matMul(tf.transpose(x, [0, 2, 1]), dy as tf.Tensor3D),
      ]
    },
  }
}) as (a: tf.Tensor3D, b: tf.Tensor3D) => tf.Tensor3D

/** x·w for each of T tasks and a constant x: as project. */
export function batchProject(x: tf.Tensor3D, w: tf.Tensor3D): tf.Tensor3D {
  const product = tf.customGrad((weights, save) => {
    ;(save as tf.GradSaveFunc)([x])
    return {
      value: tf.matMul(x, weights as tf.Tensor3D),
      gradFunc: (dy, [kept]) => tf.matMul(tf.transpose(kept, [0, 2, 1]), dy as tf.Tensor3D),
    }
  })
  return product(w) as tf.Tensor3D
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
