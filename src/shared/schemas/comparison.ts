import { z } from 'zod'
import { UNITS } from '../unit'
import { inferenceSchema } from './inference'
import { cardsSchema } from './verdict'

const COMPARISON_FORMATS = ['markdown', 'latex', 'csv'] as const
export const comparisonFormatSchema = z.enum(COMPARISON_FORMATS)
export type ComparisonFormat = z.infer<typeof comparisonFormatSchema>

export const comparisonRequestSchema = z.strictObject({
  runs: z.array(z.string().min(1)).min(1).max(26),
  /** Rows of the ladder; empty: of one run all that are not fused, of several runs the first row of each. */
  rows: z.array(z.string()).default([]),
  /** Empty: what every run has measured. */
  measures: z.array(z.string()).default([]),
  cards: cardsSchema.optional(),
  examples: z.number().int().min(0).optional(),
  /** What is drawn anew; unless said, the unit of the verdict on the same table (docs/method.md#the-unit-of-inference). */
  over: z.enum(['queries', 'tasks']).optional(),
  seed: z.number().int().min(0).default(1),
})
export type ComparisonRequest = z.input<typeof comparisonRequestSchema>
export type ResolvedComparisonRequest = z.output<typeof comparisonRequestSchema>

/** One row of one run on the queries of the comparison. */
const systemSchema = z.strictObject({
  /** a, b, c …: what superscripts name. */
  letter: z.string(),
  name: z.string(),
  run: z.string(),
  row: z.string(),
  /** Per measure the mean over tasks, each once. */
  mean: z.record(z.string(), z.number()),
  /** Per measure the letters of the systems that it is shown to be better than. */
  beats: z.record(z.string(), z.array(z.string())),
})
export type ComparedSystem = z.infer<typeof systemSchema>

/** a − b in one measure; positive: a is better. */
const pairSchema = z.strictObject({
  a: z.string(),
  b: z.string(),
  measure: z.string(),
  ...inferenceSchema.shape,
  /** Queries in which a is above, below, level with b. */
  wins: z.number().int(),
  losses: z.number().int(),
  ties: z.number().int(),
})
export type ComparedPair = z.infer<typeof pairSchema>

export const differingSettingSchema = z.strictObject({ setting: z.string(), values: z.array(z.string()) })
export type DifferingSetting = z.infer<typeof differingSettingSchema>

/** nDCG@10 of the frozen encoder on a known collection: here, and as MTEB publishes it. */
export const publishedFigureSchema = z.strictObject({
  task: z.string(),
  title: z.string(),
  /** Test queries. */
  n: z.number().int(),
  here: z.number(),
  published: z.number(),
})
export type PublishedFigure = z.infer<typeof publishedFigureSchema>

/** The same systems on the queries that ask for documents which trained, or did not (docs/method.md#seen-documents). */
const comparedPartSchema = z.strictObject({
  /** `unseen`: no train query of any of the runs touched what the query asks for. */
  documents: z.enum(['seen', 'unseen']),
  unit: z.enum(UNITS),
  units: z.number().int(),
  tasks: z.number().int(),
  n: z.number().int(),
  systems: z.array(systemSchema),
  pairs: z.array(pairSchema),
})
export type ComparedPart = z.infer<typeof comparedPartSchema>

/** One row over runs that differ in their seed alone: what its mean owes to the seed, and what to the queries. */
const seedSpreadSchema = z.strictObject({
  row: z.string(),
  /** What is taken from it: the control that is best over all seeds; null: the row by itself. */
  minus: z.string().nullable(),
  measure: z.string(),
  runs: z.number().int(),
  mean: z.number(),
  /** Standard deviation over seeds. */
  sd: z.number(),
  /** 95 % over other seeds and other units. */
  low: z.number(),
  high: z.number(),
  /** Standard errors of the mean by the seeds, by the units, and by what of the one depends on the other. */
  errors: z.strictObject({ seeds: z.number(), units: z.number(), both: z.number() }),
})
export type ComparedSeeds = z.infer<typeof seedSpreadSchema>

export const comparisonSchema = z.strictObject({
  version: z.literal(2),
  cards: cardsSchema,
  examples: z.number().int(),
  /** The unit of every interval and p-value here, and how many of them there are. */
  unit: z.enum(UNITS),
  units: z.number().int(),
  tasks: z.array(z.string()),
  /** Queries over all tasks. */
  n: z.number().int(),
  measures: z.array(z.string()),
  systems: z.array(systemSchema),
  pairs: z.array(pairSchema),
  /** Apart by what queries ask for; absent where nothing was trained on their corpora, and where a run was scored before this was written down. */
  documents: z.array(comparedPartSchema).optional(),
  /** Absent unless the runs differ in their seed alone. */
  seeds: z.array(seedSpreadSchema).optional(),
  /** What differs in the runs' configuration: a value for each run, in the order of `runs`; empty for one run. */
  runs: z.array(z.string()),
  differs: z.array(differingSettingSchema),
})
export type Comparison = z.infer<typeof comparisonSchema>

export const REPORT_FORMATS = ['html', 'mteb'] as const

export const reportRequestSchema = comparisonRequestSchema.extend({
  format: z.enum(REPORT_FORMATS).default('html'),
  /** html: the file; mteb: the folder. */
  out: z.string().min(1),
})

export const writtenReportSchema = z.strictObject({
  files: z.array(z.string()),
  bytes: z.number(),
  /** What a reader of the files must know: tasks that keep our id, times that a run does not hold. */
  notes: z.array(z.string()),
})

export const importedRunSchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  /** What the file calls itself. */
  tag: z.string(),
  /** Means over tasks on the first table that it was scored on. */
  mean: z.record(z.string(), z.number()),
  /** Queries that were scored, and those of them that the file lacks: they score 0. */
  n: z.number().int(),
  missing: z.number().int(),
  /** Queries of the file that the run does not test. */
  ignored: z.number().int(),
})
export type ImportedRun = z.infer<typeof importedRunSchema>
