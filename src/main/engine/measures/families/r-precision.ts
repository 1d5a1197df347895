import { z } from 'zod'
import { defineMeasure, relevantAmong } from '../measure'

export const rPrecision = defineMeasure({
  name: 'Rprec',
  aliases: ['RPrec'],
  title: 'R-precision',
  citation: 'Buckley and Voorhees, Retrieval system evaluation, in TREC: Experiment and Evaluation, 2005',
  cutoff: 'none',
  customary: 'Rprec',
  parameters: z.strictObject({}),
  summary: () => 'Precision at the rank that equals the number of relevant documents of the query.',
  score: ({ grades, ideal }) => relevantAmong(grades, ideal.length) / ideal.length,
})
