import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { type LossSpec, meanOfPairs, noLoss, scoreLoss } from './loss'

const options = z.strictObject({
  scale: z
    .number()
    .positive()
    .default(0.1)
    .describe("student's inner product that stands for one standard deviation of the teacher's scores"),
})

/** ((s_better − s_worse) − scale·(t_better − t_worse))², t in standard deviations of the teacher's list. */
export const marginMse: LossSpec<typeof options> = {
  name: 'margin-mse',
  title: 'Margin MSE',
  summary:
    "The student's margin of a pair is to equal the teacher's. For a teacher whose score differences mean something, such as a cross-encoder.",
  citation:
    'Hofstätter, Althammer, Schröder, Sertkan and Hanbury, Improving efficient neural ranking models with cross-architecture knowledge distillation, 2020',
  options,
  needs: 'pairs',
  scored: true,
  create(_, { scale }) {
    return scoreLoss((step, scores) => {
      const { pairs } = step.preferences
      if (pairs.queries.length === 0) return noLoss(step, scores)
      const margin = tf.sub(
        scores.pairs(pairs.queries, pairs.better),
        scores.pairs(pairs.queries, pairs.worse),
      )
      const wanted = tf.mul(tf.tensor1d(pairs.margins), scale)
      return meanOfPairs(
        tf.squaredDifference(margin, wanted) as tf.Tensor1D,
        pairs.queries,
        null,
        step.queries,
      )
    })
  },
}
