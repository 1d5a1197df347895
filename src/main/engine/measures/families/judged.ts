import { z } from 'zod'
import { defineMeasure } from '../measure'

/** ir_measures' own: a ranking shorter than the cut-off is judged by its length; an empty one has nothing judged. */
export const judged = defineMeasure({
  name: 'Judged',
  aliases: [],
  title: 'Share judged',
  citation: 'MacAvaney, Macdonald and Ounis, Streamlining evaluation with ir-measures, ECIR 2022',
  cutoff: 'needed',
  customary: 'Judged@10',
  parameters: z.strictObject({}),
  summary: (looked) =>
    `Share of ${looked} that anybody has judged, relevant or not. Low: the other measures of this ranking are lower bounds.`,
  score({ grades }, cutoff) {
    const depth = Math.min(cutoff, grades.length)
    let known = 0
    for (let i = 0; i < depth; i++) if (!Number.isNaN(grades[i])) known++
    return depth === 0 ? 0 : known / depth
  },
})
