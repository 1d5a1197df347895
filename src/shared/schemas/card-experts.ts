import { z } from 'zod'

const likenessSchema = z.strictObject({
  /** Cosine of the card's text, from the middle of the experts. */
  text: z.number(),
  /** Cosine of the mean document of its corpus, likewise. */
  corpus: z.number(),
})

/** Which experts make a card's head, how much of each, and why. */
export const cardExpertsSchema = z.strictObject({
  /** All of the network, those with the largest share first. Where every share is 0 no expert fits: the head is the frozen encoder. */
  experts: z.array(
    z.strictObject({
      /** A family, an ordinary collection, a cluster by its middle card, or `shared`. */
      name: z.string(),
      /** Weight of its map and shift in the head, in [0, 1]; they add up to at most 1. */
      share: z.number(),
      /** How far its gate is open, in [0, 1]. */
      gate: z.number(),
      /** To its trained cards: mean of the three highest cosines. */
      likeness: likenessSchema,
    }),
  ),
  /** The trained card whose text and corpus together are nearest. */
  nearest: likenessSchema.extend({ task: z.string() }).nullable(),
})
export type CardExperts = z.infer<typeof cardExpertsSchema>
