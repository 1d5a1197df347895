import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { addBias, biasBlock, onlyVector } from './bias-block'
import type { HeadSpec } from './head-spec'

const options = z.strictObject({})

/** f(x) = normalize(x + b(z)) */
export const bias: HeadSpec<typeof options> = {
  name: 'bias',
  title: 'Bias only',
  summary: 'One shift of the query vector. The control that says what more than a shift is worth.',
  citation: 'Ben Zaken, Ravfogel and Goldberg, BitFit, ACL 2022',
  options,
  create(_options, d) {
    return {
      outputs: d,
      blocks: { map: null, vectors: [biasBlock(d)] },
      apply: (weights, x, tasks) => addBias(x, weights, tasks),
      fold: (weights) => ({ weight: tf.eye(d), bias: onlyVector(weights, 'bias') }),
    }
  },
}
