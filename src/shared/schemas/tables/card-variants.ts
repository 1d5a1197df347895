import { z } from 'zod'
import { VARIANT_SETS } from '../../tables/variant-words'
import { UNITS } from '../../unit'
import { inferenceSchema } from '../inference'
import { cardsSchema, intervalSchema } from '../verdict'

/** Which cards of a run are said or made otherwise: tables of different k have different test queries. */
export const cardVariantsRequestSchema = z.strictObject({
  run: z.string().min(1),
  about: z.enum(VARIANT_SETS),
  examples: z.number().int().min(0).default(0),
})
export type CardVariantsRequest = z.infer<typeof cardVariantsRequestSchema>

const variantSchema = z.strictObject({
  /** A part that is left out, or another way to say the description. */
  variant: z.string(),
  /** Tasks that have it, each counting once. */
  tasks: z.number().int(),
  unit: z.enum(UNITS),
  /** Units drawn. */
  n: z.number().int(),
  /** Variant − whole card, corrected over the variants of the table. */
  change: z.strictObject(inferenceSchema.shape),
  /** Rank-biased overlap of the first ten with the whole card's, and cosine of the query vectors. */
  overlap: intervalSchema,
  cosine: intervalSchema,
  /** By task: `draws` are the changes by each card that the variant is a mean of, such as each example left out. */
  perTask: z.record(
    z.string(),
    z.strictObject({
      change: z.number(),
      overlap: z.number(),
      cosine: z.number(),
      draws: z.array(z.number()),
    }),
  ),
})

/** What became of a run's cards when a part was left out or the description said otherwise (docs/method.md#card-variants): nDCG@10. */
export const cardVariantsSchema = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  createdAt: z.string(),
  about: z.enum(VARIANT_SETS),
  examples: z.number().int(),
  measure: z.string(),
  split: z.enum(['test', 'dev']),
  seed: z.number().int(),
  datasets: z.array(z.strictObject({ id: z.string(), sha256: z.string() })),
  tables: z
    .array(
      z.strictObject({
        cards: cardsSchema,
        /** Tasks with so many examples that there are; more than stand here: these are a sample by the seed. */
        sampledFrom: z.number().int(),
        tasks: z.array(
          z.strictObject({
            task: z.string(),
            name: z.string(),
            n: z.number().int(),
            frozen: z.number(),
            /** Under its whole card. */
            whole: z.number(),
          }),
        ),
        variants: z.array(variantSchema),
      }),
    )
    .min(1),
  seconds: z.number(),
})
export type CardVariants = z.infer<typeof cardVariantsSchema>
