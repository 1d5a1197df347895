import { z } from 'zod'
import { CARD_GROUPS } from '../ladder'
import { NEARNESS } from '../nearness'
import { UNITS } from '../unit'
import { cardExpertsSchema } from './card-experts'
import { inferenceSchema } from './inference'
import { forecastSchema } from './tables/forecast'

// The names lie in a file without zod, for the window: zod compiles its schemas, which a content security policy forbids.
export { type Cards, CONTROLS, HEADLINE_MEASURES, SYSTEMS } from '../ladder'

/** Which cards a table is about. */
export const cardsSchema = z.enum(CARD_GROUPS)

export const intervalSchema = z.strictObject({ value: z.number(), low: z.number(), high: z.number() })
export type Interval = z.infer<typeof intervalSchema>

const measuresSchema = z.record(z.string(), intervalSchema)

export const taskScoreSchema = z.strictObject({
  n: z.number().int(),
  measures: measuresSchema,
  /** Of the row `task card` on unseen cards: which experts make the card's head, those with a share, or the one that came closest. */
  experts: cardExpertsSchema.optional(),
  /** In which all rows of the table together ranked the task's queries, its vectors at hand; a run file has none. */
  seconds: z.number().optional(),
})
export type TaskScore = z.infer<typeof taskScoreSchema>

/** One row of the ladder for one group of cards at one number of examples on the card. */
export const rowSchema = z.strictObject({
  row: z.string(),
  /** Fused with BM25. */
  bm25: z.boolean(),
  cards: cardsSchema,
  examples: z.number().int(),
  /** Queries with at least one relevant document, over all tasks. */
  n: z.number().int(),
  /** Tasks of this row, each counting once in the means. */
  taskCount: z.number().int(),
  /** How the row was set on dev: λ, variant ... */
  chosen: z.string().optional(),
  /** sha256 of the run file, where the row is somebody else's. */
  imported: z.string().optional(),
  /** What the intervals draw anew, and how many of them there are. */
  unit: z.enum(UNITS),
  units: z.number().int(),
  /** Means over tasks, each task once, with 95 % bootstrap intervals. */
  mean: measuresSchema,
  tasks: z.record(z.string(), taskScoreSchema).optional(),
})
export type VerdictRow = z.infer<typeof rowSchema>

export const systemNameSchema = z.strictObject({
  /** Row of the ladder. */
  row: z.string(),
  /** Fused with BM25. */
  bm25: z.boolean(),
})

/**
 * A paired difference a − b of one measure over a table's units (docs/method.md#the-unit-of-inference). */
export const differenceSchema = z.strictObject({
  a: systemNameSchema,
  b: systemNameSchema,
  /** b is the best of the controls in this table and measure: a − b is the lead. */
  best: z.boolean(),
  cards: cardsSchema,
  examples: z.number().int(),
  /** The one task of the table; null where it has several. */
  task: z.string().nullable(),
  measure: z.string(),
  unit: z.enum(UNITS),
  /** Units drawn, and tasks among which they lie. */
  n: z.number().int(),
  tasks: z.number().int(),
  ...inferenceSchema.shape,
})
export type Difference = z.infer<typeof differenceSchema>

/** The task card's lead in nDCG@10 on those unseen cards of a table whose nearest trained card is equally near. */
const leadByNearnessSchema = z.strictObject({
  cards: cardsSchema,
  examples: z.number().int(),
  nearest: z.enum(NEARNESS),
  tasks: z.number().int(),
  queries: z.number().int(),
  /** Means over tasks; the control is the best of the whole table. */
  card: z.number(),
  control: z.number(),
  unit: z.enum(UNITS),
  /** Units drawn. */
  n: z.number().int(),
  lead: intervalSchema,
})
export type LeadByNearness = z.infer<typeof leadByNearnessSchema>

/** Queries of a table whose relevant documents a train query touched, or none did (docs/method.md#seen-documents). */
export const documentPartSchema = z.strictObject({
  cards: cardsSchema,
  examples: z.number().int(),
  /** `seen`: a relevant document of the query is relevant to a train query, too. */
  documents: z.enum(['seen', 'unseen']),
  /** Tasks that have such queries, each counting once in the means. */
  tasks: z.number().int(),
  queries: z.number().int(),
  unit: z.enum(UNITS),
  /** Units drawn. */
  n: z.number().int(),
  rows: z.array(systemNameSchema.extend({ mean: measuresSchema })),
  /** By measure the task card minus the best control of the whole table; empty where the table has no such lead. */
  leads: z.record(z.string(), z.strictObject({ control: systemNameSchema, ...inferenceSchema.shape })),
})
export type DocumentPart = z.infer<typeof documentPartSchema>

/** A table's lead over clusters of tasks of which one holds more than half of another's documents. */
const clusteredLeadSchema = z.strictObject({
  cards: cardsSchema,
  examples: z.number().int(),
  tasks: z.number().int(),
  /** Clusters drawn. */
  n: z.number().int(),
  /** By measure the task card minus the best control, which nothing else is read with; empty for fewer than ten clusters. */
  leads: z.record(z.string(), z.strictObject({ control: systemNameSchema, ...inferenceSchema.shape })),
})
export type ClusteredLead = z.infer<typeof clusteredLeadSchema>

export const verdictSchema = z.strictObject({
  version: z.literal(2),
  run: z.string(),
  /** Documents of a ranking that any measure looks at, the same for every row. */
  depth: z.number().int(),
  /** Tasks evaluated, seen and unseen. */
  tasks: z.array(z.string()),
  /** Which queries were scored, where they are not those of test. */
  split: z.literal('dev').optional(),
  /** Cluster of each of these tasks: equal where their documents are for the larger part the same. */
  clusters: z.array(z.number().int()),
  rows: z.array(rowSchema),
  differences: z.array(differenceSchema),
  /** Leads apart by the nearest trained card; absent where nothing was trained or held out, and in files before the two-way rule. */
  nearness: z.array(leadByNearnessSchema).optional(),
  /** Tables apart by what their queries ask for; absent where nothing was trained, and in files of before this split. */
  documents: z.array(documentPartSchema).optional(),
  /** Leads over clusters of nested tasks; absent where no tasks of a table are nested, and in files of before. */
  clustered: z.array(clusteredLeadSchema).optional(),
  /** What left-out tasks teach of the next card; absent where none was tested, and in files of before. */
  forecast: forecastSchema.optional(),
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
  /** What the numbers say, a sentence for each claim. */
  words: z.string(),
  /** What they do not show: limits of the protocol that apply to this run. */
  limits: z.array(z.string()),
  seconds: z.strictObject({ encode: z.number(), train: z.number(), evaluate: z.number(), total: z.number() }),
})
export type Verdict = z.infer<typeof verdictSchema>
