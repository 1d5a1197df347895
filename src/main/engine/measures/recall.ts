import type { MeasureFamily } from './measure'

/** Relevant documents that the corpus lacks count in the denominator, as in trec_eval. */
export const recall: MeasureFamily = {
  name: 'Recall',
  aliases: ['R'],
  title: 'Recall',
  citation: 'Cleverdon, Mills and Keen, Factors determining the performance of indexing systems, 1966',
  customaryCutoff: 100,
  summary: (cutoff) =>
    `Share of all relevant documents of a query that stand among the first ${cutoff}; any positive grade is relevant.`,
  score({ grades, ideal }, cutoff) {
    const depth = Math.min(cutoff, grades.length)
    let found = 0
    for (let i = 0; i < depth; i++) if (grades[i] > 0) found++
    return found / ideal.length
  },
}
