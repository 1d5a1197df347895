import { z } from 'zod'
import { defineMeasure } from '../measure'

/** The original with binary relevance, what ir_measures writes `RBP(rel=1,p=0.8)`; the residual is not added. */
export const rankBiasedPrecision = defineMeasure({
  name: 'RBP',
  aliases: [],
  title: 'Rank-biased precision',
  citation:
    'Moffat and Zobel, Rank-biased precision for measurement of retrieval effectiveness, ACM TOIS 27(1), 2008',
  cutoff: 'optional',
  customary: 'RBP(p=0.8)',
  parameters: z.strictObject({
    p: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.8)
      .describe('Persistence: the probability of going on to the next document.'),
  }),
  summary: (looked, { p }) =>
    `Expected rate of relevant documents for a reader who goes on to the next one with probability ${p}, over ${looked}; any positive grade is relevant.`,
  score({ grades }, cutoff, { p }) {
    const depth = Math.min(cutoff, grades.length)
    let sum = 0
    for (let i = 0, weight = 1 - p; i < depth; i++, weight *= p) if (grades[i] > 0) sum += weight
    return sum
  },
})
