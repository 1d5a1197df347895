import { z } from 'zod'
import { defineMeasure, relevantAmong } from '../measure'

export const precision = defineMeasure({
  name: 'P',
  aliases: ['Precision'],
  title: 'Precision',
  citation:
    'Kent, Berry, Luehrs and Perry, Machine literature searching VIII, American Documentation 6(2), 1955',
  cutoff: 'needed',
  customary: 'P@5',
  parameters: z.strictObject({}),
  summary: (looked) =>
    `Share of relevant documents among ${looked}; where fewer were ranked, the missing ones count as not relevant.`,
  score: ({ grades }, cutoff) => relevantAmong(grades, cutoff) / cutoff,
})
