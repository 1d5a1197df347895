import { z } from 'zod'
import { defineMeasure } from '../measure'

export const reciprocalRank = defineMeasure({
  name: 'RR',
  aliases: ['MRR'],
  title: 'Reciprocal rank',
  citation: 'Voorhees, The TREC-8 question answering track report, TREC 1999',
  cutoff: 'optional',
  customary: 'RR@10',
  parameters: z.strictObject({}),
  summary: (looked) =>
    `One over the rank of the first relevant document, 0 where none is among ${looked}; its mean over queries is MRR.`,
  score({ grades }, cutoff) {
    const depth = Math.min(cutoff, grades.length)
    for (let i = 0; i < depth; i++) if (grades[i] > 0) return 1 / (i + 1)
    return 0
  },
})
