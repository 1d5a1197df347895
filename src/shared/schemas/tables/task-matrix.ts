import { z } from 'zod'
import { UNITS } from '../../unit'
import { inferenceSchema } from '../inference'
import { cardsSchema } from '../verdict'

/** Which matrix of a run: tables of different k have different test queries, and so a matrix of its own each. */
export const taskMatrixRequestSchema = z.strictObject({
  run: z.string().min(1),
  examples: z.number().int().min(0).default(0),
})
export type TaskMatrixRequest = z.infer<typeof taskMatrixRequestSchema>

/** Every card of a run on every task of it (docs/method.md#task-and-card-matrix): nDCG@10, means over a task's queries. */
export const taskMatrixSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  createdAt: z.string(),
  examples: z.number().int(),
  measure: z.string(),
  split: z.enum(['test', 'dev']),
  seed: z.number().int(),
  /** Tasks with so many examples that the run has; more than there are rows: these are a sample by the seed. */
  sampledFrom: z.number().int(),
  datasets: z.array(z.strictObject({ id: z.string(), sha256: z.string() })),
  /** Rows; each task's card is the column of the same place. */
  tasks: z
    .array(
      z.strictObject({
        task: z.string(),
        name: z.string(),
        cards: cardsSchema,
        n: z.number().int(),
        frozen: z.number(),
        /** [tasks] under the card of each task. */
        scores: z.array(z.number()),
      }),
    )
    .min(2),
  /** Own card minus the mean of the other cards, mean over tasks. */
  margin: z.strictObject({ ...inferenceSchema.shape, unit: z.enum(UNITS), n: z.number().int() }),
  seconds: z.number(),
})
export type TaskMatrix = z.infer<typeof taskMatrixSchema>
