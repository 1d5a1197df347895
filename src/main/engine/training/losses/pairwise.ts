import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { type LossSpec, meanOfPairs, noLoss, scoreLoss } from './loss'

const options = z.strictObject({
  weighted: z.boolean().default(true).describe('weigh every pair by the confidence in it'),
})

/**
 * −c·log σ((s_better − s_worse) / τ), mean over a query's pairs. Written as c·softplus(−x): tf.logSigmoid's gradient is
 * wrong on intermediate tensors in TensorFlow.js 4.22.
 */
export const pairwise: LossSpec<typeof options> = {
  name: 'pairwise',
  title: 'Pairwise log-sigmoid',
  summary:
    "The preferred document of a pair must score higher. The original Hydra's loss, and the weakest of these alone.",
  citation: 'Burges, Shaked, Renshaw et al., Learning to rank using gradient descent, 2005',
  options,
  needs: 'pairs',
  scored: false,
  create({ temperature }, { weighted }) {
    return scoreLoss((step, scores) => {
      const { pairs } = step.preferences
      if (pairs.queries.length === 0) return noLoss(step, scores)
      const margin = tf.sub(
        scores.pairs(pairs.queries, pairs.better),
        scores.pairs(pairs.queries, pairs.worse),
      )
      const terms = tf.softplus(tf.div(margin, -temperature)) as tf.Tensor1D
      return meanOfPairs(terms, pairs.queries, weighted ? pairs.confidence : null, step.queries)
    })
  },
}
