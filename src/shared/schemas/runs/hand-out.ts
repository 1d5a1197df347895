import { z } from 'zod'
import { HANDED_HEADS } from '../../handed-heads'
import { normalisationSchema } from '../run'

/** A head that may leave the house. */
export const handedHeadSchema = z.strictObject({
  head: z.enum(HANDED_HEADS),
  /** g: W = I + g·(W − I), b = g·b. 1: as it was trained. */
  strength: z.number().min(0).max(1),
  /** Of a control: direction and λ. */
  setting: z.string().optional(),
})
export type HandedHead = z.infer<typeof handedHeadSchema>

/** Mean of the measure on dev, and the lead over the first of those compared with its 95 % interval; no interval of a single unit. */
const evidenceSchema = z.strictObject({
  mean: z.number(),
  lead: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
})

export type Evidence = z.infer<typeof evidenceSchema>

const shareEvidenceSchema = evidenceSchema.extend({ share: z.number() })

const candidateSchema = handedHeadSchema.extend({
  ...evidenceSchema.shape,
  /** With the share of BM25 that leads most surely beside it, over the frozen encoder; of heads that alone lead surely. */
  bm25: shareEvidenceSchema.optional(),
})

/** How much of BM25 stands beside the chosen head, (1 − share) of which it leaves, both on one scale. */
export const handedShareSchema = z.strictObject({
  normalisation: normalisationSchema,
  /** 0: the head alone. With experts the share of a card that they fit whole: it follows how much of the head they make. */
  share: z.number().min(0).max(1),
})
export type HandedShare = z.infer<typeof handedShareSchema>

const chosenShareSchema = handedShareSchema.extend({
  /** All that it was chosen from, 0 first; leads are over the frozen encoder. */
  candidates: z.array(shareEvidenceSchema).min(1),
})

const handOutDecisionSchema = z.strictObject({
  /** For trained tasks, or for cards that no training saw. */
  cards: z.enum(['seen', 'unseen']),
  /** The task whose own dev queries it was chosen on; null: for all others. */
  task: z.string().nullable(),
  /** Examples on the card. */
  examples: z.number().int(),
  /** What it was chosen on. */
  queries: z.number().int(),
  tasks: z.number().int(),
  unit: z.enum(['queries', 'tasks']),
  chosen: handedHeadSchema,
  /** All that it was chosen from, the frozen encoder first. */
  candidates: z.array(candidateSchema).min(1),
  /** Absent where BM25 was not asked, and in version 1. */
  bm25: chosenShareSchema.optional(),
})
export type HandOutDecision = z.infer<typeof handOutDecisionSchema>

/** `runs/<id>/hand-out.json`: what of a run is handed out for which card, and why (docs/method.md#what-is-handed-out). */
export const handOutSchema = z.strictObject({
  /** 1 had no shares of BM25, 2 chose the head first and its share after it. */
  version: z.literal([1, 2, 3]),
  measure: z.string(),
  /** [d] what the controls' descriptions are centred on */
  descriptionMean: z.array(z.number()),
  decisions: z.array(handOutDecisionSchema),
})
export type HandOut = z.infer<typeof handOutSchema>
