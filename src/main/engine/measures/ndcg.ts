import type { MeasureFamily } from './measure'

/** Discounted cumulative gain of the first `cutoff` grades: Σ max(g, 0) / log2(rank + 1). */
function discountedGain(grades: ArrayLike<number>, cutoff: number): number {
  const depth = Math.min(cutoff, grades.length)
  let sum = 0
  for (let i = 0; i < depth; i++) if (grades[i] > 0) sum += grades[i] / Math.log2(i + 2)
  return sum
}

/** trec_eval's `ndcg_cut`: the gain is the grade itself, not 2^grade − 1. */
export const ndcg: MeasureFamily = {
  name: 'nDCG',
  aliases: [],
  title: 'Normalised discounted cumulative gain',
  citation: 'Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20(4), 2002',
  customaryCutoff: 10,
  summary: (cutoff) =>
    `Grades of the first ${cutoff} documents, discounted by the logarithm of their rank, over the best possible such sum; linear gain.`,
  score: ({ grades, ideal }, cutoff) => discountedGain(grades, cutoff) / discountedGain(ideal, cutoff),
}
