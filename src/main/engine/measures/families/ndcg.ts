import { z } from 'zod'
import { defineMeasure } from '../measure'

type Gain = (grade: number) => number

const GAINS: Readonly<Record<'log2' | 'exp-log2', Gain>> = {
  log2: (grade) => grade,
  'exp-log2': (grade) => 2 ** grade - 1,
}

/** Σ gain(max(g, 0)) / log2(rank + 1) over the first `cutoff` grades. */
function discountedGain(grades: ArrayLike<number>, cutoff: number, gain: Gain): number {
  const depth = Math.min(cutoff, grades.length)
  let sum = 0
  for (let i = 0; i < depth; i++) if (grades[i] > 0) sum += gain(grades[i]) / Math.log2(i + 2)
  return sum
}

/** trec_eval's `ndcg` and `ndcg_cut`: the gain is the grade itself, unless 2^grade − 1 is asked for. */
export const ndcg = defineMeasure({
  name: 'nDCG',
  aliases: [],
  title: 'Normalised discounted cumulative gain',
  citation: 'Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4), 2002',
  cutoff: 'optional',
  customary: 'nDCG@10',
  parameters: z.strictObject({
    dcg: z
      .enum(['log2', 'exp-log2'])
      .default('log2')
      .describe(
        'Gain of a grade: log2 takes the grade itself, exp-log2 takes 2^grade − 1 (Burges et al. 2005).',
      ),
  }),
  summary: (looked, { dcg }) =>
    `Grades of ${looked}, discounted by the logarithm of their rank, over the best possible such sum; ${dcg === 'log2' ? 'linear' : 'exponential'} gain.`,
  score: ({ grades, ideal }, cutoff, { dcg }) =>
    discountedGain(grades, cutoff, GAINS[dcg]) / discountedGain(ideal, cutoff, GAINS[dcg]),
})
