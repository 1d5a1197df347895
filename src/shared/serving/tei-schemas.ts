import { z } from 'zod'
import { MOST_TEXTS, textSchema } from './api-schemas'

/** `POST /embed` of text-embeddings-inference; fields that it has besides are let pass. */
export const teiEmbedRequestSchema = z.object({
  inputs: z.union([textSchema, z.array(textSchema).min(1).max(MOST_TEXTS)], {
    error: `a text, or an array of 1 to ${MOST_TEXTS} texts that are not empty`,
  }),
  normalize: z
    .literal(true, { error: 'true: an encoder here has only vectors of unit length' })
    .default(true)
    .describe('Vectors are of unit length: `false` is refused.'),
  truncate: z
    .boolean()
    .nullish()
    .describe('Whether a text that is longer than the encoder reads is cut; else it is refused.'),
  /** Only the end of a text is ever cut. */
  truncation_direction: z
    .enum(['right', 'Right'], { error: '"right": only the end of a text is cut' })
    .nullish(),
  prompt_name: z
    .string()
    .nullish()
    .describe(
      '`query`, `document`, or a card, through whose head the queries go; documents of the frozen encoder unless said.',
    ),
  dimensions: z.number().int().min(1).nullish(),
})

export const teiEmbeddingsSchema = z.array(z.array(z.number()))

export const teiErrorSchema = z.strictObject({
  error: z.string(),
  error_type: z.enum(['Validation', 'Overloaded', 'Unhealthy', 'Backend']),
})
export type TeiError = z.infer<typeof teiErrorSchema>
