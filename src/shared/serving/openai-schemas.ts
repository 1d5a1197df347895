import { z } from 'zod'
import { MOST_TEXTS, modelNameSchema, textRoleSchema, textSchema } from './api-schemas'

/** Fields that a client of OpenAI's may send besides (`user`) are let pass. */
export const openaiEmbeddingsRequestSchema = z.object({
  model: modelNameSchema.describe('A card, or the encoder’s name for the frozen encoder.'),
  input: z.union([textSchema, z.array(textSchema).min(1).max(MOST_TEXTS)], {
    error: `a text, or an array of 1 to ${MOST_TEXTS} texts that are not empty; token ids are not taken, since each encoder has its own: send the text itself`,
  }),
  encoding_format: z.enum(['float', 'base64']).default('float'),
  dimensions: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Only what the encoder has: its vectors are not cut.'),
  input_type: textRoleSchema
    .optional()
    .describe(
      'Ours, as other servers have it: what the texts are. Queries through a card, documents where the frozen encoder is named, unless said.',
    ),
})

export const openaiEmbeddingsSchema = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      object: z.literal('embedding'),
      index: z.number().int(),
      embedding: z
        .union([z.array(z.number()), z.string()])
        .describe('Numbers, or float32 in little-endian order as base64.'),
    }),
  ),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.number().int(), total_tokens: z.number().int() }),
})

export const openaiModelsSchema = z.strictObject({
  object: z.literal('list'),
  data: z.array(
    z.strictObject({
      id: z.string(),
      object: z.literal('model'),
      created: z.number().int().describe('Seconds since 1970; of the service’s start.'),
      owned_by: z.string(),
    }),
  ),
})

/** As OpenAI's clients read it, and what every error of the workbench says besides. */
export const openaiErrorSchema = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    type: z.enum(['invalid_request_error', 'rate_limit_error', 'server_error']),
    param: z.string().nullable().describe('The field that was wrong, where there is one.'),
    code: z.string().describe('Of the workbench’s own catalogue.'),
    expected: z.string(),
    got: z.string(),
    remedy: z.string(),
  }),
})
export type OpenaiError = z.infer<typeof openaiErrorSchema>
