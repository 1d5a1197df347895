import { z } from 'zod'
import { differenceSchema, documentPartSchema, rowSchema } from '../verdict'

/** A run's ladder over numbers of examples on the card, all on the same queries (docs/method.md#examples-on-the-card). */
export const examplesCurveSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  createdAt: z.string(),
  /** Least first. The examples of fewer are the first of those of more, and what the most show is hidden from all. */
  examples: z.array(z.number().int()).min(2),
  split: z.enum(['test', 'dev']),
  seed: z.number().int(),
  datasets: z.array(z.strictObject({ id: z.string(), sha256: z.string() })),
  /** As in results.json, one row, difference or part for each number. */
  rows: z.array(rowSchema.omit({ tasks: true })),
  differences: z.array(differenceSchema),
  documents: z.array(documentPartSchema),
  seconds: z.number(),
})
export type ExamplesCurve = z.infer<typeof examplesCurveSchema>
