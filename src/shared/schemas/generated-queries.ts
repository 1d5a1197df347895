import { z } from 'zod'
import { DEFAULT_ENCODER } from '../default-encoder'
import { exampleSchema } from './card'
import { progressSchema } from './job'
import { seedSchema } from './run'
import { generationSchema } from './runs/generation'

/** A query that a model wrote of a document, and what became of it. */
const generatedQuerySchema = z.strictObject({
  query: z.string(),
  /** Id of the document that it was written of. */
  document: z.string(),
  /** Place of the document among what the query finds; null: not among the first. */
  rank: z.number().int().nullable(),
  /** Score of the document less that of the best other one, by the cross-encoder; null: nobody read them. */
  margin: z.number().nullable(),
  /** Why it is not used; null: it is. */
  dropped: z.enum(['not found', 'margin']).nullable(),
})
export type GeneratedQuery = z.infer<typeof generatedQuerySchema>

/** What a person asks for who wants to look at generated queries. */
export const generateRequestSchema = z.strictObject({
  dataset: z.string().min(1),
  generation: generationSchema.extend({ model: z.string().min(1) }),
  /** Queries that are written at most. */
  most: z.number().int().min(1).max(1_000_000),
  /** The frozen encoder, for a round trip by it. */
  encoder: z.string().min(1).default(DEFAULT_ENCODER),
  seed: seedSchema.default(1),
})
export type GenerateRequest = z.infer<typeof generateRequestSchema>

/** `datasets/<id>/generated.json`: the queries that were last written of a dataset to be looked at. */
export const generatedQueriesSchema = z.strictObject({
  version: z.literal(1),
  createdAt: z.string(),
  /** sha256 of the dataset. */
  sha256: z.string(),
  request: generateRequestSchema,
  /** Documents that were read. */
  documents: z.number().int(),
  queries: z.array(generatedQuerySchema),
})
export type GeneratedQueries = z.infer<typeof generatedQueriesSchema>

/** What is asked of a model for a card: queries of the documents that it shows, or of some of the task that it is for. */
export const suggestQueriesSchema = z.strictObject({
  model: z.string().min(1),
  of: z.union([
    z.strictObject({
      documents: z
        .array(exampleSchema.pick({ document: true, documentId: true }))
        .min(1)
        .max(64),
    }),
    z.strictObject({ task: z.string().min(1), most: z.number().int().min(1).max(64).default(8) }),
  ]),
  perDocument: z.number().int().min(1).max(10).default(3),
  seed: seedSchema.default(1),
  /** Queries that the card shows already: they are not suggested. */
  shown: z.array(z.string()).max(64).default([]),
})
export type SuggestQueries = z.input<typeof suggestQueriesSchema>

/** Queries that a model wrote and nobody has read: a card has those that a person accepts, and no other is kept. */
export const suggestedQueriesSchema = z.strictObject({
  suggestions: z.array(exampleSchema.omit({ queryId: true })),
  /** Documents that were read. */
  documents: z.number().int(),
})
export type SuggestedQueries = z.infer<typeof suggestedQueriesSchema>

/** How far it is, then what it gave. */
export const suggestingSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), progress: progressSchema }),
  z.strictObject({ type: z.literal('done'), output: suggestedQueriesSchema }),
])
