import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { addBias, biasBlock, onlyVector } from './bias-block'
import type { HeadSpec } from './head-spec'

const options = z.strictObject({})

/** f(x) = normalize(γ(z) ⊙ x + b(z)), γ started at 1 */
export const film: HeadSpec<typeof options> = {
  name: 'film',
  title: 'FiLM',
  summary: 'Each dimension of the vector stretched and shifted. Few weights: holds little, forgets little.',
  citation: 'Perez et al., FiLM: visual reasoning with a general conditioning layer, AAAI 2018',
  options,
  create(_options, d) {
    return {
      outputs: d,
      blocks: { map: null, vectors: [{ name: 'scale', size: d, start: 1, role: 'scale' }, biasBlock(d)] },
      apply(weights, x, tasks) {
        const batch = tf.reshape(x, [tasks, x.shape[0] / tasks, d])
        const scaled = tf.mul(batch, tf.reshape(weights.vectors.scale, [tasks, 1, d]))
        return addBias(tf.reshape(scaled, [x.shape[0], d]), weights, tasks)
      },
      fold: (weights) => ({
        weight: tf.mul(tf.eye(d), tf.reshape(weights.vectors.scale, [d, 1])),
        bias: onlyVector(weights, 'bias'),
      }),
    }
  },
}
