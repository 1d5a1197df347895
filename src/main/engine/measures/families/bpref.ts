import { z } from 'zod'
import { defineMeasure } from '../measure'

/** trec_eval's: unjudged documents are passed over, and so are negative grades, which it takes as outside the pool. */
export const bpref = defineMeasure({
  name: 'Bpref',
  aliases: ['bpref'],
  title: 'Binary preference',
  citation: 'Buckley and Voorhees, Retrieval evaluation with incomplete information, SIGIR 2004',
  cutoff: 'none',
  customary: 'bpref',
  parameters: z.strictObject({}),
  summary: () =>
    'How seldom documents judged not relevant stand above relevant ones; documents that nobody judged do not count, so it suits incomplete judgments.',
  score({ grades, ideal, notRelevant }) {
    if (notRelevant === undefined)
      throw new RangeError('bpref needs the number of documents judged not relevant')
    const most = Math.min(notRelevant, ideal.length)
    let above = 0
    let sum = 0
    for (let i = 0; i < grades.length; i++) {
      if (grades[i] === 0) above++
      else if (grades[i] > 0) sum += above === 0 ? 1 : 1 - Math.min(above, ideal.length) / most
    }
    return sum / ideal.length
  },
})
