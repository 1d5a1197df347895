import { z } from 'zod'
import { defineMeasure, relevantAmong } from '../measure'

/** Relevant documents that the corpus lacks count in the denominator, as in trec_eval. */
export const recall = defineMeasure({
  name: 'R',
  aliases: ['Recall'],
  title: 'Recall',
  citation: 'Cleverdon, Mills and Keen, Factors determining the performance of indexing systems, 1966',
  cutoff: 'needed',
  customary: 'R@100',
  parameters: z.strictObject({}),
  summary: (looked) =>
    `Share of all relevant documents of a query that stand among ${looked}; any positive grade is relevant.`,
  score: ({ grades, ideal }, cutoff) => relevantAmong(grades, cutoff) / ideal.length,
})
