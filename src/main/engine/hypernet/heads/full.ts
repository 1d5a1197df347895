import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { applyMap, mapMatrix } from '../head-map'
import { addBias, biasBlock, onlyVector } from './bias-block'
import type { HeadSpec } from './head-spec'

const options = z.strictObject({})

/** f(x) = normalize(x W(z) + b(z)), W [d, d] started at the identity */
export const full: HeadSpec<typeof options> = {
  name: 'full',
  title: 'Full matrix',
  summary: 'Any linear map of the vector plus a shift. The most a head can be; needs many judgments.',
  citation: 'Yoon et al., Search-Adaptor, ACL 2024',
  options,
  create(_options, d) {
    return {
      outputs: d,
      blocks: { map: { inputs: d, outputs: d, form: 'whole' }, vectors: [biasBlock(d)] },
      apply: (weights, x, tasks) => addBias(applyMap(weights.map, x, tasks), weights, tasks),
      fold: (weights) => ({
        weight: tf.transpose(mapMatrix(weights.map, { inputs: d, outputs: d })),
        bias: onlyVector(weights, 'bias'),
      }),
    }
  },
}
