import { z } from 'zod'
import { HAND_OUT_CHOICES } from '../handed-heads'
import { cardChoiceSchema } from '../schemas/card'
import { cardExpertsSchema } from '../schemas/card-experts'
import { handedHeadSchema, handedShareSchema } from '../schemas/runs/hand-out'

/** Texts of one request, and characters of one text: OpenAI’s own number, and more than any encoder here reads of a text. */
export const MOST_TEXTS = 2048
const LONGEST_TEXT = 65_536

export const textSchema = z.string().min(1, 'an empty text has no vector').max(LONGEST_TEXT)
const textsSchema = z.array(textSchema).min(1).max(MOST_TEXTS)

/** A card's id, `dataset/card`, or an encoder's name. */
export const modelNameSchema = z.string().min(1).max(512)

export const textRoleSchema = z.enum(['query', 'document'])

/** A card, where it comes from, and how its head is chosen: all that its head depends on beside the run. */
export const compileSpecSchema = z.strictObject({
  card: cardChoiceSchema,
  collection: z
    .string()
    .optional()
    .describe('Its corpus, where the run knows several and the card is no task’s.'),
  handOut: z
    .enum(HAND_OUT_CHOICES)
    .default('rule')
    .describe('What the run’s rule chose on dev, unless said.'),
})
export type CompileSpec = z.output<typeof compileSpecSchema>

export const compileRequestSchema = compileSpecSchema.extend({
  replace: z
    .boolean()
    .default(false)
    .describe('Takes the name of another card, or of the same one made otherwise, that was compiled before.'),
})

/** What is said of a compiled head; its numbers stay with the service. */
const headSchema = z.strictObject({
  weight: z.tuple([z.number().int(), z.number().int()]).describe('W: [outputs, d], row-major.'),
  bias: z.tuple([z.number().int()]).describe('b: [outputs]'),
  layerNorm: z
    .boolean()
    .describe('Whether the product is layer-normalised before it is brought to unit length.'),
  sha256: z
    .string()
    .describe('Over W, b and, where they are, scale and shift, as float32 in little-endian order.'),
})

export const compiledCardSchema = z.strictObject({
  run: z.string(),
  collection: z.string(),
  card: z.string().describe('As the engine named it.'),
  encoder: z.strictObject({ id: z.string(), sha256: z.string(), dimensions: z.number().int() }),
  handedOut: handedHeadSchema
    .extend({ bm25: handedShareSchema.optional(), words: z.string() })
    .describe('Which head was handed out, what stands beside it, and the sentence that says why.'),
  experts: cardExpertsSchema
    .nullable()
    .describe('Which experts make the head; null without experts, and where another head is handed out.'),
  fit: z
    .number()
    .describe(
      'How much of the head the experts make, in [0, 1]; 0: no expert fits, and the head is the frozen encoder. 1 without experts.',
    ),
  head: headSchema.describe('Of queries.'),
  documents: headSchema
    .nullable()
    .describe('Of documents; null where these stay the frozen encoder’s, so that an index is not touched.'),
  certificate: z
    .strictObject({ probes: z.number().int(), difference: z.number(), bound: z.number() })
    .describe('The folded head held against the network itself: greatest difference of a component.'),
  cached: z.boolean().describe('Whether it was there already, by content.'),
})
export type CompiledCard = z.infer<typeof compiledCardSchema>

/** `model`: the name under which the embedding routes know it from now on. */
export const compileAnswerSchema = compiledCardSchema.extend({ model: z.string() })

export const embedRequestSchema = z.strictObject({
  model: modelNameSchema.describe('A card, or the encoder’s name for the frozen encoder.'),
  texts: textsSchema,
  role: textRoleSchema
    .default('query')
    .describe(
      'Queries go through the card’s head; documents stay the frozen encoder’s, unless the run trained a head for them.',
    ),
})
export const embedAnswerSchema = z.strictObject({
  model: z.string(),
  role: textRoleSchema,
  dimensions: z.number().int(),
  tokens: z.number().int().describe('Read by the encoder, special ones included.'),
  vectors: z
    .array(z.array(z.number()))
    .describe('[texts, dimensions], unit length, in the order of the texts.'),
})

export const searchRequestSchema = z.strictObject({
  collection: z.string().min(1),
  query: z.string().trim().min(1).max(LONGEST_TEXT),
  model: modelNameSchema
    .optional()
    .describe('A card by its name; the frozen encoder by its own, or where neither this nor `card` is said.'),
  card: cardChoiceSchema.optional().describe('A card that has no name yet.'),
  handOut: z.enum(HAND_OUT_CHOICES).default('rule'),
  k: z.number().int().min(1).max(100).default(10),
})
export const searchAnswerSchema = z.strictObject({
  collection: z.string(),
  answeredBy: z
    .enum(['card', 'frozen'])
    .describe('`frozen` also where no expert fits the card, or the rule hands out the frozen encoder.'),
  handedOut: z.string().nullable().describe('Which head the card has, and why; null without a card.'),
  bm25: handedShareSchema.nullable().describe('BM25 that is in the ranking already.'),
  experts: cardExpertsSchema.nullable(),
  hits: z.array(
    z.strictObject({
      rank: z.number().int(),
      document: z.string(),
      text: z.string(),
      score: z.number(),
      frozenRank: z.number().int().describe('Its rank under the frozen encoder, exact over the collection.'),
    }),
  ),
})

export const healthSchema = z.strictObject({
  status: z.literal('ok'),
  version: z.string(),
  run: z.string().nullable(),
  encoder: z.string(),
  waiting: z.number().int().describe('Requests that are being answered.'),
})
