import { z } from 'zod'

/**
 * Whose own document must leave a query's ranking; named per dataset, never guessed from equal ids.
 * `same-id`: the document with the query's id. `paper`: query `<paper>-<facet>` drops document `<paper>`.
 */
export const excludeSchema = z.enum(['none', 'same-id', 'paper'])
export type ExcludeRule = z.infer<typeof excludeSchema>

/** Something that the import noticed: counted, with up to three examples, and what it means for the numbers. */
export const findingSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['info', 'warning']),
  message: z.string(),
  count: z.number().int().nonnegative(),
  examples: z.array(z.string()).max(3),
})
export type Finding = z.infer<typeof findingSchema>

/** `datasets/<id>/dataset.json`. */
export const datasetSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  licence: z.string(),
  source: z.string(),
  importedAt: z.string(),
  exclude: excludeSchema,
  documents: z.number().int().positive(),
  queries: z.number().int().positive(),
  /** Task cards: 1 for an ordinary collection, hundreds for WordNet. */
  cards: z.number().int().positive(),
  /** Per split: queries (summed over cards) and judgments. */
  splits: z.record(z.string(), z.strictObject({ queries: z.number().int(), judgments: z.number().int() })),
  /** Where dev came from when the collection has none. */
  devFrom: z.enum(['given', 'train', 'none']),
  /** sha256 of corpus.jsonl, queries.jsonl, cards.jsonl and qrels/*.tsv together: the identity that a run records. */
  sha256: z.string(),
  findings: z.array(findingSchema),
})
export type DatasetRecord = z.infer<typeof datasetSchema>

export const taskSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  train: z.number().int(),
  dev: z.number().int(),
  test: z.number().int(),
})
export type TaskSummary = z.infer<typeof taskSummarySchema>
