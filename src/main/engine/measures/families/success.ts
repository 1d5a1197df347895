import { z } from 'zod'
import { defineMeasure, relevantAmong } from '../measure'

export const success = defineMeasure({
  name: 'Success',
  aliases: [],
  title: 'Success',
  citation: 'Craswell and Hawking, Overview of the TREC 2004 Web track, TREC 2004',
  cutoff: 'needed',
  customary: 'Success@1',
  parameters: z.strictObject({}),
  summary: (looked) => `1 where a relevant document is among ${looked}, else 0; also called hit rate.`,
  score: ({ grades }, cutoff) => (relevantAmong(grades, cutoff) > 0 ? 1 : 0),
})
