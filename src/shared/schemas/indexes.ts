import { z } from 'zod'
import { DEFAULT_ENCODER } from '../default-encoder'
import { HAND_OUT_CHOICES } from '../handed-heads'
import { cardChoiceSchema } from './card'

const optionsSchema = z.record(z.string(), z.unknown())

/** Names an index: those of this workspace by name alone, where no two engines have one of that name. */
export const indexNameSchema = z.strictObject({
  name: z.string().min(1),
  engine: z.string().optional(),
  /** Of the engine, in place of those of the last push: an index that another workspace pushed is found by them. */
  options: optionsSchema.default({}),
})
export type IndexName = z.infer<typeof indexNameSchema>

export const pushRequestSchema = z.strictObject({
  collection: z.string().min(1),
  /** The collection's id unless said. */
  name: z.string().min(1).optional(),
  /** That of the index where there is one, else what fits the size of the collection. */
  engine: z.string().optional(),
  options: optionsSchema.default({}),
  encoder: z.string().default(DEFAULT_ENCODER),
})

/** What a finished push says of an index: written last, so that a search that finds it finds all of the push. */
export const indexManifestSchema = z.strictObject({
  version: z.literal(1),
  /** Counts finished pushes that changed something. */
  generation: z.number().int().positive(),
  collection: z.strictObject({ id: z.string(), sha256: z.string() }),
  /** `sha256` of the weights, as heads name it; `fingerprint` of all that decides a vector. */
  encoder: z.strictObject({ id: z.string(), sha256: z.string(), fingerprint: z.string() }),
  dimensions: z.number().int().positive(),
  documents: z.number().int().nonnegative(),
  pushedAt: z.string(),
})
export type IndexManifest = z.infer<typeof indexManifestSchema>

/** What a push that was finished has done. */
export const pushCountsSchema = z.strictObject({
  documents: z.number().int(),
  /** Vectors that were sent. */
  written: z.number().int(),
  /** Rows that lay there already: of the push before, or of one that was broken off. */
  kept: z.number().int(),
  /** Rows of documents that are gone, or have changed. */
  deleted: z.number().int(),
})
export type PushCounts = z.infer<typeof pushCountsSchema>

/** indexes/<engine>/<name>/index.json: how an index is reached. No password, key or token stands here. */
export const indexRecordSchema = z.strictObject({
  version: z.literal(1),
  name: z.string(),
  engine: z.string(),
  options: optionsSchema,
  /** Of the last push from this workspace that was finished. */
  pushed: pushCountsSchema.nullable(),
})
export type IndexRecord = z.infer<typeof indexRecordSchema>

export const indexStatusSchema = z.strictObject({
  name: z.string(),
  engine: z.string(),
  options: optionsSchema,
  /** Of the last finished push; null before the first. */
  manifest: indexManifestSchema.nullable(),
  pushed: pushCountsSchema.nullable(),
  /** Rows that lie there, those of a push that was not finished too; null where the engine does not answer. */
  rows: z.number().int().nullable(),
  /** Whether the collection in this workspace is the one that was pushed; null where it is not here. */
  current: z.boolean().nullable(),
  /** Why the engine does not answer. */
  problem: z.string().nullable(),
})
export type IndexStatus = z.infer<typeof indexStatusSchema>

export const indexSearchRequestSchema = indexNameSchema.extend({
  query: z.string().trim().min(1),
  k: z.number().int().min(1).max(1000).default(10),
  /** The query head: an exported file, or the card of a run; the frozen encoder alone unless one is said. */
  head: z
    .union([
      z.strictObject({ file: z.string() }),
      z.strictObject({
        run: z.string(),
        choice: cardChoiceSchema,
        handOut: z.enum(HAND_OUT_CHOICES).default('rule'),
      }),
    ])
    .optional(),
  /** Only documents whose metadata have all of these values. */
  where: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** Looks at every document, also where the engine has an approximate index. */
  exact: z.boolean().default(false),
})

const hitSchema = z.strictObject({ id: z.string(), score: z.number() })

export const indexAnswerSchema = z.strictObject({
  name: z.string(),
  engine: z.string(),
  manifest: indexManifestSchema,
  frozen: z.array(hitSchema),
  /** Through the query head; null where none was asked for. */
  conditioned: z.array(hitSchema).nullable(),
  /** Which head that is, and what belongs beside it; null without one, or where its file does not say. */
  handedOut: z.string().nullable(),
  /** BM25's share beside the head, which no index of vectors has; null where the head belongs alone. */
  bm25: z.number().nullable(),
  milliseconds: z.strictObject({ encode: z.number(), head: z.number(), search: z.number() }),
})
export type IndexAnswer = z.infer<typeof indexAnswerSchema>
