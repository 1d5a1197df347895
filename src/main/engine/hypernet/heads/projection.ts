import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { layerNorm } from '../dense-ops'
import { applyMap, mapMatrix } from '../head-map'
import { addBias, biasBlock, onlyVector } from './bias-block'
import type { HeadSpec } from './head-spec'

const options = z.strictObject({
  dimensions: z
    .number()
    .int()
    .min(2)
    .max(4096)
    .default(256)
    .describe(
      'Outputs. Other than the encoder’s, documents go through a head as well (side both or separate).',
    ),
})

/** f(x) = normalize(LayerNorm(x W(z) + b(z))), W [d, m]; scale and shift of the normalisation are the head's too */
export const projection: HeadSpec<typeof options> = {
  name: 'projection',
  title: 'Projection',
  summary:
    'A map to fewer dimensions with layer normalisation: the original Hydra’s head. Re-indexes the corpus.',
  citation: 'Ba, Kiros and Hinton, Layer normalization, 2016',
  options,
  create({ dimensions: m }, d) {
    return {
      outputs: m,
      blocks: {
        map: { inputs: d, outputs: m, form: 'whole' },
        vectors: [
          biasBlock(m),
          { name: 'outputScale', size: m, start: 1, role: 'scale' },
          { name: 'outputShift', size: m, start: 0, role: 'shift' },
        ],
      },
      apply(weights, x, tasks) {
        const y = addBias(applyMap(weights.map, x, tasks), weights, tasks)
        const { outputScale, outputShift } = weights.vectors
        return layerNorm(y, tf.reshape(outputScale, [tasks, 1, m]), tf.reshape(outputShift, [tasks, 1, m]))
      },
      fold: (weights) => ({
        weight: tf.transpose(mapMatrix(weights.map, { inputs: d, outputs: m })),
        bias: onlyVector(weights, 'bias'),
        norm: { scale: onlyVector(weights, 'outputScale'), shift: onlyVector(weights, 'outputShift') },
      }),
    }
  },
}
