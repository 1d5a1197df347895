import { z } from 'zod'
import { CARD_GROUPS } from '../ladder'

// The names lie in a file without zod, for the window: zod compiles its schemas, which a content security policy forbids.
export {
  type Cards,
  CONTROL_ROWS,
  HEADLINE_MEASURES,
  LADDER_ROWS,
} from '../ladder'

/** Which cards a table is about. */
export const cardsSchema = z.enum(CARD_GROUPS)

const intervalSchema = z.strictObject({ value: z.number(), low: z.number(), high: z.number() })
export type Interval = z.infer<typeof intervalSchema>

const measuresSchema = z.record(z.string(), intervalSchema)

export const taskScoreSchema = z.strictObject({ n: z.number().int(), measures: measuresSchema })

/** One row of the ladder for one group of cards at one number of examples on the card. */
const rowSchema = z.strictObject({
  row: z.string(),
  /** Fused with BM25. */
  bm25: z.boolean(),
  cards: cardsSchema,
  examples: z.number().int(),
  /** Queries with at least one relevant document, over all tasks. */
  n: z.number().int(),
  /** Tasks of this row, each counting once in the means. */
  taskCount: z.number().int().optional(),
  /** How the row was set on dev: λ, variant ... */
  chosen: z.string().optional(),
  /** sha256 of the run file, where the row is somebody else's. */
  imported: z.string().optional(),
  /** Means over tasks, each task once; 95 % bootstrap intervals over tasks (over queries when there is one task). */
  mean: measuresSchema,
  tasks: z.record(z.string(), taskScoreSchema).optional(),
})
export type VerdictRow = z.infer<typeof rowSchema>

/**
 * A paired difference a − b of one measure. `p`: two-sided paired randomisation test, by itself; `corrected`: the same after
 * Holm over the family of differences that one table shows. Only `corrected` decides whether a is called better. What is
 * optional is missing from verdicts made before it was measured.
 */
const differenceSchema = z.strictObject({
  a: z.string(),
  b: z.string(),
  cards: cardsSchema,
  examples: z.number().int(),
  task: z.string().nullable(),
  measure: z.string(),
  over: z.enum(['queries', 'tasks']),
  delta: z.number(),
  low: z.number(),
  high: z.number(),
  p: z.number(),
  corrected: z.number().optional(),
  /** Differences in the family that was corrected. */
  family: z.number().int().optional(),
  /** Student's paired t-test, two-sided, uncorrected; null where nothing varies. */
  student: z.number().nullable().optional(),
  /** Cohen's d of paired samples: mean difference over the standard deviation of differences; null where nothing varies. */
  effect: z.number().nullable().optional(),
  /** The smallest difference that this many units would have found with power .8 at α = .05, two-sided. */
  detectable: z.number().nullable().optional(),
  /** Queries or tasks compared. */
  n: z.number().int().optional(),
})
export type Difference = z.infer<typeof differenceSchema>

export const verdictSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  /** Tasks evaluated, seen and unseen. */
  tasks: z.array(z.string()),
  rows: z.array(rowSchema),
  differences: z.array(differenceSchema),
  /** Unseen tasks by the task card's lead over the best control at k = 0, best first. */
  extremes: z.strictObject({
    best: z.array(
      z.strictObject({
        task: z.string(),
        name: z.string(),
        n: z.number(),
        card: z.number(),
        control: z.number(),
      }),
    ),
    worst: z.array(
      z.strictObject({
        task: z.string(),
        name: z.string(),
        n: z.number(),
        card: z.number(),
        control: z.number(),
      }),
    ),
  }),
  /** One paragraph in plain words. */
  words: z.string(),
  seconds: z.strictObject({ encode: z.number(), train: z.number(), evaluate: z.number(), total: z.number() }),
})
export type Verdict = z.infer<typeof verdictSchema>
