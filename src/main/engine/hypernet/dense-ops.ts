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
    value: products(left, right),
    gradFunc: (dy, saved) => {
      const [x, w] = saved as tf.Tensor3D[]
      return [
        products(dy as tf.Tensor3D, tf.transpose(w, [0, 2, 1])),
        products(tf.transpose(x, [0, 2, 1]), dy as tf.Tensor3D),
      ]
    },
  }
}) as (a: tf.Tensor3D, b: tf.Tensor3D) => tf.Tensor3D

/** x·w for each of T tasks and a constant x: as project. */
export function batchProject(x: tf.Tensor3D, w: tf.Tensor3D): tf.Tensor3D {
  const product = tf.customGrad((weights, save) => {
    ;(save as tf.GradSaveFunc)([x])
    return {
      value: products(x, weights as tf.Tensor3D),
      gradFunc: (dy, [kept]) => products(tf.transpose(kept as tf.Tensor3D, [0, 2, 1]), dy as tf.Tensor3D),
    }
  })
  return product(w) as tf.Tensor3D
}

/**
 * a·b for each of T, [T, n, m]·[T, m, k]. The wasm backend multiplies two matrices by XNNPACK, and a batch of them in a loop of
 * its own that is three times slower; there it is done matrix by matrix.
 */
function products(a: tf.Tensor3D, b: tf.Tensor3D): tf.Tensor3D {
  if (a.shape[0] === 1 || tf.getBackend() !== 'wasm') return tf.matMul(a, b)
  const right = matricesOf(b)
  return tf.stack(matricesOf(a).map((left, t) => tf.matMul(left, right[t]))) as tf.Tensor3D
}

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
          return tf.matMul(tf.transpose(ofTasks(kept as tf.Tensor3D, some)), ofTasks(dy as tf.Tensor3D, some))
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
