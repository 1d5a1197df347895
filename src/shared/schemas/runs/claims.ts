import { z } from 'zod'
import { NEARNESS } from '../../nearness'
import { seedSchema, trainRequestSchema } from '../run'
import { cardsSchema } from '../verdict'

const place = { cards: cardsSchema, examples: z.number().int().min(0) }
const measure = z.string().default('nDCG@10')
/** Tasks over which the mean is taken, each once, as a pattern with `*`; all of the table unless said. */
const tasks = z.string().optional()

/** What of a run's verdict a figure is: the numbers that it gives, in the order in which they are written. */
export const readingSchema = z.discriminatedUnion('of', [
  /** A row of the ladder: its mean. */
  z.strictObject({ of: z.literal('mean'), row: z.string(), ...place, measure, tasks }),
  /** A row less another one. */
  z.strictObject({ of: z.literal('gain'), row: z.string(), over: z.string(), ...place, measure, tasks }),
  /** The lead over the best control, with the ends of its interval. */
  z.strictObject({ of: z.literal('lead'), ...place, measure }),
  /** The same on cards whose nearest trained card is equally near, then their number. */
  z.strictObject({ of: z.literal('nearness'), nearest: z.enum(NEARNESS), ...place }),
  /** Tasks trained and tasks held out. */
  z.strictObject({ of: z.literal('tasks') }),
  z.strictObject({ of: z.literal('queries'), ...place }),
])
export type Reading = z.infer<typeof readingSchema>

const claimedFigureSchema = z.strictObject({
  /** From the root of the repository. */
  document: z.string(),
  /** Where it stands in a table: how the line before the table begins, cells that tell the row, and the heading of the column. */
  cell: z.strictObject({ after: z.string(), row: z.array(z.string()).min(1), column: z.string() }).optional(),
  /** As it stands in the document; null: not made yet. */
  written: z.string().nullable(),
  /** What its first number is in. */
  unit: z.string(),
  /** By how much each number may be another one on another machine; counts are exact. */
  tolerance: z.number().nonnegative().default(0.005),
  read: readingSchema,
})

/** Figures that the same runs give. */
const claimSchema = z.strictObject({
  id: z.string(),
  /** What one types for one of the runs. */
  command: z.string(),
  request: trainRequestSchema.omit({ seed: true, splitSeed: true }),
  /** Several: figures are means over their runs. */
  seeds: z.array(seedSchema).min(1),
  splitSeeds: z.array(seedSchema).default([]),
  /** That it needs, with `*` for any characters. */
  datasets: z.array(z.string()).min(1),
  figures: z.array(claimedFigureSchema).min(1),
})

/** `resources/claims.json` */
export const claimsFileSchema = z.strictObject({
  version: z.literal(1),
  claims: z.array(claimSchema),
  /** Cells of tables that no ordinary run gives, with the reason: whole rows or columns. */
  others: z.array(
    z.strictObject({
      document: z.string(),
      after: z.string(),
      rows: z.array(z.string()).optional(),
      columns: z.array(z.string()).optional(),
      reason: z.string(),
    }),
  ),
})
export type ClaimsFile = z.infer<typeof claimsFileSchema>

/** A claim as it stands on this workspace. */
export const claimStateSchema = claimSchema
  .pick({ id: true, command: true, request: true, seeds: true, splitSeeds: true })
  .extend({
    /** Patterns that no dataset here has. */
    missing: z.array(z.string()),
    asked: z.number().int(),
    /** Runs that are done. */
    runs: z.array(z.string()),
    figures: z.array(
      claimedFigureSchema.extend({
        /** Null: its runs are not done, or give no such figure. */
        got: z.array(z.number()).nullable(),
        /** Null where nothing is written or nothing came. */
        within: z.boolean().nullable(),
      }),
    ),
  })
export type ClaimState = z.infer<typeof claimStateSchema>
