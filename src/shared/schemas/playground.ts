import { z } from 'zod'
import { HAND_OUT_CHOICES, HANDED_HEADS } from '../handed-heads'
import { PLAYGROUND_SYSTEMS } from '../playground-systems'
import { cardChoiceSchema, cardSchema } from './card'
import { cardExpertsSchema } from './card-experts'
import { progressSchema } from './job'
import { normalisationSchema } from './run'
import { handedShareSchema } from './runs/hand-out'

const playgroundSystemSchema = z.enum(PLAYGROUND_SYSTEMS)
export type PlaygroundSystem = z.infer<typeof playgroundSystemSchema>

/** How `this card` and `fused` are put together: all of it can be changed by hand. */
const blendSchema = z.strictObject({
  /** α, the strength of the head: 0 ranks as frozen does, 1 as the head does. */
  alpha: z.number().min(0).max(1).default(1),
  /** β, how much of what the other card changes is added; below 0 it is taken away. */
  other: z.number().min(-1).max(1).default(0),
  /** Share of BM25 in `fused`; the rest is this card, or frozen where there is no card. As it is handed out beside the card, unless said. */
  bm25: z.number().min(0).max(1).optional(),
  /** Scale on which `fused` adds them; likewise. */
  normalisation: normalisationSchema.optional(),
})
export type Blend = z.infer<typeof blendSchema>

export const playgroundRequestSchema = z.strictObject({
  /** A run's id, or `frozen`. */
  run: z.string(),
  /** Needed with `frozen`, or where a run knows several corpora; otherwise the card's task's, or the only one. */
  dataset: z.string().optional(),
  query: z.string().trim().min(1),
  systems: z.array(playgroundSystemSchema).min(1).max(PLAYGROUND_SYSTEMS.length),
  card: cardChoiceSchema.optional(),
  /** Another card, or the same one through another run. */
  other: z.strictObject({ card: cardChoiceSchema, run: z.string().optional() }).optional(),
  /** Task whose judgments mark the documents, where it has judged this very query. */
  judge: z.string().optional(),
  blend: blendSchema.prefault({}),
  /** Which head `this card` is: what the run's rule chose on dev, unless said. */
  handOut: z.enum(HAND_OUT_CHOICES).default('rule'),
  k: z.number().int().min(1).max(100).default(10),
})
export type PlaygroundRequest = z.input<typeof playgroundRequestSchema>
/** With its defaults filled in: what reaches the engine. */
export type ResolvedPlaygroundRequest = z.output<typeof playgroundRequestSchema>

/** A corpus that searches wait for. */
export const preparationSchema = z.strictObject({ dataset: z.string(), progress: progressSchema })
export type Preparation = z.infer<typeof preparationSchema>

export const playgroundHitSchema = z.strictObject({
  rank: z.number().int(),
  document: z.string(),
  text: z.string(),
  score: z.number(),
  /** Rank of this document under the frozen encoder (1 = first), exact over the whole corpus. */
  frozenRank: z.number().int(),
  /** As the task's judgments have it; null: not judged. */
  grade: z.number().nullable(),
})
export type PlaygroundHit = z.infer<typeof playgroundHitSchema>

const playgroundColumnSchema = z.strictObject({
  system: playgroundSystemSchema,
  /** Of a card's column: which head it was handed, in words too, and the sentence that says why. */
  handed: z.strictObject({ head: z.enum(HANDED_HEADS), which: z.string(), why: z.string() }).nullable(),
  hits: z.array(playgroundHitSchema),
  /** nDCG@10 of this very query; null where it is not judged. */
  ndcg: z.number().nullable(),
})
export type PlaygroundColumn = z.infer<typeof playgroundColumnSchema>

export const playgroundResultSchema = z.strictObject({
  dataset: z.string(),
  /** The card as the encoder saw it; null where none was chosen. */
  card: z.strictObject({ text: z.string(), examples: z.number().int() }).nullable(),
  /** BM25 that is handed out beside this card; null where none is. */
  bm25: handedShareSchema.nullable(),
  /** In the order asked; a system that cannot be run is in `absent`, never an empty ranking. */
  columns: z.array(playgroundColumnSchema),
  absent: z.array(z.strictObject({ system: playgroundSystemSchema, reason: z.string() })),
  /** Relevant documents of the query in the corpus; null where the query is not judged. */
  relevant: z.number().int().nullable(),
  /** Which experts make this card's head, and why; null without a card, or where no experts make what it was handed. */
  experts: cardExpertsSchema.nullable(),
  milliseconds: z.strictObject({ encode: z.number(), compile: z.number(), rank: z.number() }),
})
export type PlaygroundResult = z.infer<typeof playgroundResultSchema>

export const explainRequestSchema = playgroundRequestSchema.extend({ document: z.string() })

const standing = z.strictObject({ score: z.number(), rank: z.number().int() })

/** Why one document stands where it does under this card. */
export const explanationSchema = z.strictObject({
  document: z.string(),
  text: z.string(),
  grade: z.number().nullable(),
  frozen: standing,
  /** This card with the blend; null where there is no card. */
  card: standing.nullable(),
  /** Under every system asked for that can be run, in their order. */
  standings: z.array(standing.extend({ system: playgroundSystemSchema })),
  /** card.score = frozen.score + head + other: what the head adds, and what the other card does. */
  parts: z.strictObject({ head: z.number(), other: z.number() }),
  /** The same card with one thing left out, the most missed first. */
  without: z.array(standing.extend({ part: z.string(), words: z.string() })),
})
export type Explanation = z.infer<typeof explanationSchema>

/** A query of a task that somebody has judged. */
const judgedQuerySchema = z.strictObject({
  id: z.string(),
  text: z.string(),
  split: z.string(),
  relevant: z.number().int(),
})
export type JudgedQuery = z.infer<typeof judgedQuerySchema>

export const playgroundTaskSchema = z.strictObject({
  /** With its examples, drawn from train. */
  card: cardSchema,
  queries: z.array(judgedQuerySchema),
})

export const suggestRequestSchema = z.strictObject({
  run: z.string(),
  dataset: z.string(),
  most: z.number().int().min(1).max(24).default(6),
})
/** Tasks whose card moves the ranking of a query of theirs, the most first. */
export const suggestedCardsSchema = z.array(
  z.strictObject({
    task: z.string(),
    name: z.string(),
    /** A judged query of the task. */
    query: z.string(),
    /** Of its first ten documents those that are not among the frozen encoder's. */
    moved: z.number().int(),
    trained: z.boolean(),
  }),
)
export type SuggestedCards = z.infer<typeof suggestedCardsSchema>
