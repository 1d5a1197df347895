import * as tf from '@tensorflow/tfjs'

/**
 * Matrix product a·b whose gradient transposes explicitly. The built-in gradient asks the kernel for transposeA and
 * transposeB, which on the wasm backend is 12–15 times slower than a transpose followed by a plain product.
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
    ;(save as tf.GradSaveFunc)([])
    return {
      value: tf.matMul(x, weights as tf.Tensor2D),
      gradFunc: (dy) => tf.matMul(tf.transpose(x), dy as tf.Tensor2D),
    }
  })
  return product(w) as tf.Tensor2D
}

/** GELU in its tanh form (Hendrycks & Gimpel 2016). */
export function gelu<T extends tf.Tensor>(x: T): T {
  const cube = tf.mul(tf.mul(x, x), x)
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, cube)))
  return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(inner))) as T
}

/** Layer normalisation over the last axis (Ba et al. 2016), ε = 1e-5. */
export function layerNorm(x: tf.Tensor2D, scale: tf.Tensor1D, shift: tf.Tensor1D): tf.Tensor2D {
  const centred = tf.sub(x, tf.mean(x, -1, true))
  const variance = tf.mean(tf.mul(centred, centred), -1, true)
  return tf.add(tf.mul(tf.div(centred, tf.sqrt(tf.add(variance, 1e-5))), scale), shift) as tf.Tensor2D
}
