import { z } from 'zod'
import { defineMeasure } from '../measure'

/** trec_eval's `map` and `map_cut`: relevant documents below the cut-off count in the denominator. */
export const averagePrecision = defineMeasure({
  name: 'AP',
  aliases: ['MAP'],
  title: 'Average precision',
  citation: 'Harman, Overview of the first TREC conference, SIGIR 1993',
  cutoff: 'optional',
  customary: 'AP@100',
  parameters: z.strictObject({}),
  summary: (looked) =>
    `Precision at the rank of each relevant document among ${looked}, summed, over the number of all relevant ones; its mean is MAP.`,
  score({ grades, ideal }, cutoff) {
    const depth = Math.min(cutoff, grades.length)
    let found = 0
    let sum = 0
    for (let i = 0; i < depth; i++) if (grades[i] > 0) sum += ++found / (i + 1)
    return sum / ideal.length
  },
})
