import { z } from 'zod'
import { cardsSchema } from './verdict'

/** A row of the ladder of a run, fused or not, as tables write it. */
const systemOfRunSchema = z.strictObject({ run: z.string().min(1), row: z.string().min(1) })
export type SystemOfRun = z.infer<typeof systemOfRunSchema>

const queryOfTaskSchema = z.strictObject({ task: z.string().min(1), query: z.string().min(1) })

/** Two systems on the queries of one table; unless said, the first that the first run has. */
const pairOfSystemsSchema = z.strictObject({
  a: systemOfRunSchema,
  b: systemOfRunSchema,
  cards: cardsSchema.optional(),
  examples: z.number().int().min(0).optional(),
})

const QUERY_ORDERS = ['losses', 'wins'] as const
export type QueryOrder = (typeof QUERY_ORDERS)[number]

export const queryComparisonRequestSchema = pairOfSystemsSchema.extend({
  measure: z.string().min(1),
  /** Only the queries of this task. */
  task: z.string().optional(),
  /** `losses`: those in which a is furthest below b first; `wins`: the other way round. */
  order: z.enum(QUERY_ORDERS).default('losses'),
  /** The window of them that travels. */
  from: z.number().int().min(0).default(0),
  most: z.number().int().min(1).max(500).default(100),
  /** A query whose place is asked for. */
  find: queryOfTaskSchema.optional(),
})
export type ResolvedQueryComparisonRequest = z.output<typeof queryComparisonRequestSchema>

/** Queries in which a is above, below, level with b. */
const tallySchema = z.strictObject({
  n: z.number().int(),
  wins: z.number().int(),
  losses: z.number().int(),
  ties: z.number().int(),
})
export type Tally = z.infer<typeof tallySchema>

const comparedQuerySchema = queryOfTaskSchema.extend({
  /** Null where the dataset is gone, or another one by now. */
  text: z.string().nullable(),
  a: z.number(),
  b: z.number(),
})
export type ComparedQuery = z.infer<typeof comparedQuerySchema>

export const queryComparisonSchema = tallySchema.extend({
  cards: cardsSchema,
  examples: z.number().int(),
  /** Of every task of the table, by id, whichever is asked for. */
  tasks: z.record(z.string(), tallySchema),
  /** Differences a − b in the order asked for: all of them, or this many at equal distances. */
  profile: z.array(z.number()),
  /** Place of the query asked for in the order; null where it is not among them. */
  found: z.number().int().nullable(),
  queries: z.array(comparedQuerySchema),
})
export type QueryComparison = z.infer<typeof queryComparisonSchema>

export const queryRankingsRequestSchema = pairOfSystemsSchema.extend({
  ...queryOfTaskSchema.shape,
  /** Documents of each ranking that travel. */
  most: z.number().int().min(1).max(100).default(10),
})
/** @internal */
export type ResolvedQueryRankingsRequest = z.output<typeof queryRankingsRequestSchema>

const documentSchema = z.strictObject({
  document: z.string(),
  text: z.string().nullable(),
  /** Null: not judged, or the judgments are not there. */
  grade: z.number().nullable(),
})

const rankedDocumentSchema = documentSchema.extend({
  rank: z.number().int(),
  score: z.number(),
  /** Its rank in the other system's ranking; null where that does not reach it. */
  other: z.number().int().nullable(),
})
export type RankedDocument = z.infer<typeof rankedDocumentSchema>

const rankingSchema = z.strictObject({
  /** Documents that the run file holds for the query: below it nothing is known. */
  depth: z.number().int(),
  documents: z.array(rankedDocumentSchema),
})
export type QueryRanking = z.infer<typeof rankingSchema>

export const queryRankingsSchema = z.strictObject({
  text: z.string().nullable(),
  /** Null where no run file holds the row: one that averages several cards has none. */
  a: rankingSchema.nullable(),
  b: rankingSchema.nullable(),
  /** Relevant documents that stand in neither ranking's part above, with the rank of each where the run file has it. */
  missed: z.array(documentSchema.extend({ a: z.number().int().nullable(), b: z.number().int().nullable() })),
})
/** @internal */
export type QueryRankings = z.infer<typeof queryRankingsSchema>
