import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { applyMap, mapMatrix } from '../head-map'
import { addBias, biasBlock, onlyVector } from './bias-block'
import type { HeadSpec } from './head-spec'

const options = z.strictObject({
  scale: z.number().positive().default(1).describe('α: how much of the map is added to the vector.'),
})

/** f(x) = normalize(x + α·x Δ(z) + b(z)), Δ [d, d] of low rank */
export const residual: HeadSpec<typeof options> = {
  name: 'residual',
  title: 'Residual',
  summary:
    'The frozen vector plus a low-rank map of it plus a shift. Starts at frozen or at the control, and is the safest choice.',
  citation: 'He et al., Deep residual learning, CVPR 2016; Hu et al., LoRA, ICLR 2022',
  options,
  create({ scale }, d) {
    return {
      outputs: d,
      blocks: { map: { inputs: d, outputs: d, form: 'added' }, vectors: [biasBlock(d)] },
      apply(weights, x, tasks) {
        const added = applyMap(weights.map, x, tasks)
        return addBias(tf.add(x, scale === 1 ? added : tf.mul(added, scale)), weights, tasks)
      },
      fold(weights) {
        const added = tf.transpose(mapMatrix(weights.map, { inputs: d, outputs: d }))
        return {
          weight: tf.add(tf.eye(d), scale === 1 ? added : tf.mul(added, scale)),
          bias: onlyVector(weights, 'bias'),
        }
      },
    }
  },
}
