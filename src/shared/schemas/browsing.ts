import { z } from 'zod'

/** Rows that one answer holds at most: a window on a million. */
const MOST_ROWS = 100

/** Which of a dataset's texts. */
const textKindSchema = z.enum(['documents', 'queries'])
export type TextKind = z.infer<typeof textKindSchema>

/** A document or query in a list: of a long text its beginning. */
const textRowSchema = z.strictObject({
  /** Place in the file, from 0. */
  row: z.number().int(),
  id: z.string(),
  /** Empty where there is none, as with every query. */
  title: z.string(),
  text: z.string(),
  /** Characters of the whole text; more than `text` has where it is cut. */
  characters: z.number().int(),
})
export type TextRow = z.infer<typeof textRowSchema>

const placeSchema = z.number().int().nonnegative()

export const textsRequestSchema = z.strictObject({
  id: z.string().min(1),
  of: textKindSchema,
  from: placeSchema,
  most: z.number().int().min(1).max(MOST_ROWS).default(MOST_ROWS),
  /** Of queries: only those with judgments in this split; `from` counts among them. */
  split: z.string().optional(),
})
export const textsSchema = z.strictObject({
  /** Texts in all. */
  total: z.number().int(),
  rows: z.array(textRowSchema),
})
/** @internal */
export type Texts = z.infer<typeof textsSchema>

export const textSearchRequestSchema = z.strictObject({
  id: z.string().min(1),
  of: textKindSchema,
  /** Words in any order, or a phrase in double quotes. */
  text: z.string().trim().min(1),
  /** Row to begin at: 0, then what the answer before called `next`. */
  from: placeSchema.default(0),
})
/** What was found within a moment: the search goes on from `next`, and who wants no more does not ask. */
export const textSearchSchema = z.strictObject({
  hits: z.array(textRowSchema),
  next: z.number().int().nullable(),
  total: z.number().int(),
})

/** A judgment, seen from its document (then the query is named) or from its query (then the document is). */
const judgedTextSchema = z.strictObject({
  split: z.string(),
  /** The card that it belongs to, by its id; null in a dataset with one. */
  card: z.string().nullable(),
  grade: z.number(),
  id: z.string(),
  title: z.string(),
  /** Its beginning; null where the dataset has judgments on a text that it lacks. */
  text: z.string().nullable(),
})
export type JudgedText = z.infer<typeof judgedTextSchema>

export const textRequestSchema = z.strictObject({
  id: z.string().min(1),
  of: textKindSchema,
  /** Its id. */
  text: z.string().min(1),
})
export const wholeTextSchema = z.strictObject({
  row: z.number().int(),
  id: z.string(),
  title: z.string(),
  text: z.string(),
  words: z.number().int(),
  /** The first of them, those of the highest grades first. */
  judged: z.array(judgedTextSchema),
  /** Judgments in all. */
  judgments: z.number().int(),
})
/** @internal */
export type WholeText = z.infer<typeof wholeTextSchema>

/** How long texts are, in words or tokens. */
const lengthsSchema = z.strictObject({
  texts: z.number().int(),
  empty: z.number().int(),
  mean: z.number(),
  median: z.number(),
  p95: z.number(),
  longest: z.number().int(),
  /** Texts of `from` up to, without, `to`; the last one takes all that are longer than nearly all. */
  bins: z.array(z.strictObject({ from: z.number(), to: z.number(), count: z.number().int() })),
})
export type Lengths = z.infer<typeof lengthsSchema>

const textStatisticsSchema = z.strictObject({
  /** Of every text. */
  words: lengthsSchema,
  /** Of texts at even distances, with the encoder's special tokens. */
  tokens: lengthsSchema,
  /** Share of these texts that the encoder cuts. */
  cut: z.number(),
})
export type TextStatistics = z.infer<typeof textStatisticsSchema>

/** `cache/statistics/<sha256>.json` */
export const datasetStatisticsSchema = z.strictObject({
  version: z.literal(1),
  dataset: z.string(),
  sha256: z.string(),
  encoder: z.string(),
  /** Tokens that the encoder reads of a text at most. */
  maxTokens: z.number().int(),
  documents: textStatisticsSchema,
  queries: textStatisticsSchema,
})
export type DatasetStatistics = z.infer<typeof datasetStatisticsSchema>
