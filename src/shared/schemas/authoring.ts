import { z } from 'zod'
import { CARD_FORMATS } from '../card-formats'
import { DEFAULT_ENCODER } from '../default-encoder'
import { cardChoiceSchema, cardSchema, exampleSchema } from './card'
import { cardForecastSchema } from './tables/forecast'

/** A version of a card that was replaced or deleted: `cards/.history/<id>/<version>.json`. */
export const cardVersionSchema = z.strictObject({
  version: z.string(),
  /** When something else took its place. */
  until: z.string(),
  card: cardSchema,
})
export type CardVersion = z.infer<typeof cardVersionSchema>

/** What of a half-written card does not fit its schema, by field. */
export const cardIssueSchema = z.strictObject({
  /** `description`, `examples.2.query` */
  field: z.string(),
  message: z.string(),
})

export const cardFormatSchema = z.enum(CARD_FORMATS)
export type CardFormat = z.infer<typeof cardFormatSchema>

export const drawExamplesSchema = z.strictObject({
  task: z.string(),
  /** `random`: in the order in which evaluation draws with this seed. `diverse`: of the first of these, those farthest apart. `search`: in the same order, those that have every word. */
  by: z.enum(['random', 'diverse', 'search']),
  seed: z.number().int().default(1),
  text: z.string().default(''),
  /** Queries that the card shows already: they are not offered again, and `diverse` keeps its distance from them. */
  shown: z.array(z.string()).max(64).default([]),
  most: z.number().int().min(1).max(64).default(8),
  encoder: z.string().default(DEFAULT_ENCODER),
})
export const drawnExamplesSchema = z.strictObject({
  examples: z.array(exampleSchema),
  /** Pairs of train that could be offered, before any word was asked for. */
  train: z.number().int(),
  /** Queries of the other splits: never offered. */
  dev: z.number().int(),
  test: z.number().int(),
})

export const cardTokensRequestSchema = z.strictObject({
  card: cardSchema,
  encoder: z.string().default(DEFAULT_ENCODER),
})
const readTextSchema = z.strictObject({
  /** As the vocabulary spells them, of the whole text. */
  tokens: z.array(z.string()),
  /** Characters of its beginning that are seen. */
  read: z.number().int(),
  text: z.string(),
})
/** What the encoder sees of a card. */
export const cardTokensSchema = z.strictObject({
  encoder: z.string(),
  /** Longest input in tokens, special ones included: the rest is never seen. */
  limit: z.number().int(),
  /** Description, domain and query type as one text. */
  card: readTextSchema,
  examples: z.array(z.strictObject({ query: readTextSchema, document: readTextSchema })),
})
export type CardTokens = z.infer<typeof cardTokensSchema>

export const lintCardSchema = z.strictObject({
  card: cardSchema,
  /** On whose test queries it will be scored. */
  task: z.string(),
  encoder: z.string().default(DEFAULT_ENCODER),
})

export const nearestCardsRequestSchema = z.strictObject({
  run: z.string(),
  dataset: z.string(),
  choice: cardChoiceSchema,
  most: z.number().int().min(1).max(50).default(5),
})
/** Which trained cards a card is nearest to, and whether it is as near to them as they are to each other. */
export const nearestCardsSchema = z.strictObject({
  nearest: z.array(z.strictObject({ task: z.string(), name: z.string(), cosine: z.number() })),
  /** How many cards were trained on this dataset. */
  trained: z.number().int(),
  /** Examples that each of them shows here: as many as the card does. */
  examples: z.number().int(),
  /** Cosine of a way to say a trained card and the nearest way to say another: a tenth, half and nine tenths of them lie below; null for fewer than two cards. */
  usual: z.strictObject({ low: z.number(), median: z.number(), high: z.number() }).nullable(),
  /** Share of the ways to say trained cards at least as far from all others, this card counted among them. */
  p: z.number(),
  /** What lead over the frozen encoder it may expect, by the tasks that the run left out. */
  forecast: cardForecastSchema,
})
