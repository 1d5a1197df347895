import * as tf from '@tensorflow/tfjs'
import type { HeadWeights, VectorBlock } from './head-spec'

/** The additive vector b(z) of a head. */
export function biasBlock(size: number): VectorBlock {
  return { name: 'bias', size, start: 0, role: 'bias' }
}

/** y + b for each task. @param y [T·Q, out] @returns [T, Q, out] */
export function addBias(y: tf.Tensor2D, weights: HeadWeights, tasks: number): tf.Tensor3D {
  const outputs = y.shape[1]
  const batch = tf.reshape(y, [tasks, y.shape[0] / tasks, outputs])
  return tf.add(batch, tf.reshape(weights.vectors.bias, [tasks, 1, outputs]))
}

/** A vector of one task (T = 1), [size]. */
export function onlyVector(weights: HeadWeights, name: string): tf.Tensor1D {
  const vector = weights.vectors[name]
  return tf.reshape(vector, [vector.shape[1]])
}
