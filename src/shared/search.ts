import { z } from 'zod'
import { cardSchema } from './card'

/** Which card: a task of the run or dataset, a whole card, or a free description. Exactly one. */
export const cardChoiceSchema = z.union([
  z.strictObject({ task: z.string() }),
  z.strictObject({ card: cardSchema }),
  z.strictObject({ describe: z.string().trim().min(1) }),
])
export type CardChoice = z.infer<typeof cardChoiceSchema>

export const searchRequestSchema = z.strictObject({
  /** A run's id, or `frozen`. */
  run: z.string(),
  query: z.string().trim().min(1),
  choice: cardChoiceSchema.optional(),
  /** Needed with `frozen`, or where a run knows several corpora. */
  dataset: z.string().optional(),
  k: z.number().int().min(1).max(100).default(10),
})
export type SearchRequest = z.input<typeof searchRequestSchema>
/** With its defaults filled in: what reaches the engine. */
export type ResolvedSearchRequest = z.output<typeof searchRequestSchema>

export const hitSchema = z.strictObject({
  rank: z.number().int(),
  document: z.string(),
  text: z.string(),
  score: z.number(),
  /** Rank of this document under the frozen encoder (1 = first), exact over the whole corpus. */
  frozenRank: z.number().int(),
})
export type Hit = z.infer<typeof hitSchema>

export const searchResultSchema = z.strictObject({
  run: z.string(),
  dataset: z.string(),
  query: z.string(),
  /** The card's text as the encoder saw it; null for the frozen encoder alone. */
  card: z.string().nullable(),
  examples: z.number().int(),
  frozen: z.array(hitSchema),
  /** Absent where no card was chosen. */
  conditioned: z.array(hitSchema).nullable(),
  milliseconds: z.strictObject({ encode: z.number(), compile: z.number(), rank: z.number() }),
})
export type SearchResult = z.infer<typeof searchResultSchema>
