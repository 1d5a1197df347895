import { z } from 'zod'

/**
 * Whose own document must leave a query's ranking; named per dataset, never guessed from equal ids.
 * `same-id`: the document with the query's id. `paper`: query `<paper>-<facet>` drops document `<paper>`.
 */
export const excludeSchema = z.enum(['none', 'same-id', 'paper'])
export type ExcludeRule = z.infer<typeof excludeSchema>

/** How the tasks of a dataset are tested; named per dataset, not guessed from its number of cards. */
export const protocolSchema = z.strictObject({
  /**
   * Whether documents that a card shows leave candidates and judgments: so where they answer other queries of the same task
   * and a head would win by returning them.
   */
  hideShown: z.boolean(),
  /** Test queries of a task above this number are left out, by sha1 of their ids; null: all are tested. */
  testQueriesPerTask: z.number().int().positive().nullable(),
  /** Examples on a card that is tested with examples. */
  examples: z.number().int().min(1).max(64),
})
export type Protocol = z.infer<typeof protocolSchema>

/** A dataset is written into `datasets/` under this prefix and renamed when it is complete. */
export const INCOMING_PREFIX = '.incoming-'

/** How much a finding matters: an error makes scores wrong, a warning makes them doubtful, a note is good to know. */
export const SEVERITIES = ['error', 'warning', 'note'] as const
const severitySchema = z.enum(SEVERITIES)
export type Severity = z.infer<typeof severitySchema>

/** What a rule of the protocol linter found in a dataset: what stands there, how often, three examples, and what to do. */
export const findingSchema = z.strictObject({
  /** Name of the rule: `hydra list rule` describes it. */
  code: z.string(),
  /** Records of before there was a linter say `info`. */
  severity: z.preprocess((word) => (word === 'info' ? 'note' : word), severitySchema),
  message: z.string(),
  count: z.number().int().nonnegative(),
  examples: z.array(z.string()).max(3),
  /** Numbers that the finding rests on, by name. */
  figures: z.record(z.string(), z.number()).optional(),
  remedy: z.string().default(''),
})
export type Finding = z.infer<typeof findingSchema>

const percent = z.number().int().min(1).max(98)

/** Percent of the judged queries that became train, dev and test, in order of sha1(id) (docs/method.md#protocol). */
const hashedSplitsSchema = z
  .strictObject({ train: percent, dev: percent, test: percent })
  .refine(({ train, dev, test }) => train + dev + test === 100, 'three shares that sum to 100')
export type HashedSplits = z.infer<typeof hashedSplitsSchema>

/** `datasets/<id>/dataset.json`. */
export const datasetSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  /** The family that it was imported with; its id begins with it. Absent for an ordinary collection. */
  family: z.string().optional(),
  title: z.string(),
  summary: z.string(),
  licence: z.string(),
  source: z.string(),
  importedAt: z.string(),
  exclude: excludeSchema,
  /** Absent in records of version 1 written before there was a choice: then the number of cards decides. */
  protocol: protocolSchema.optional(),
  documents: z.number().int().positive(),
  queries: z.number().int().positive(),
  /** Task cards: 1 for an ordinary collection, hundreds for WordNet. */
  cards: z.number().int().positive(),
  /** Per split: queries (summed over cards) and judgments. */
  splits: z.record(z.string(), z.strictObject({ queries: z.number().int(), judgments: z.number().int() })),
  /** Splits whose file had another name, by split: `{ dev: 'validation' }`. */
  splitFiles: z.record(z.string(), z.string()).optional(),
  /** Where dev came from when the collection has none. */
  devFrom: z.enum(['given', 'train', 'hashed', 'none']),
  /** How its judged queries were hashed into train, dev and test, where it brought no train split and this was asked for. */
  hashed: hashedSplitsSchema.optional(),
  /** sha256 of corpus.jsonl, queries.jsonl, cards.jsonl and qrels/*.tsv together: the identity that a run records. */
  sha256: z.string(),
  findings: z.array(findingSchema),
})
export type DatasetRecord = z.infer<typeof datasetSchema>

export const taskSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** What the card is put together from, by name: `relation` and `category`. */
  factors: z.record(z.string(), z.string()).optional(),
  train: z.number().int(),
  dev: z.number().int(),
  test: z.number().int(),
})
export type TaskSummary = z.infer<typeof taskSummarySchema>

export const importRequestSchema = z.strictObject({
  /** Path of a BEIR folder or zip, the name of a collection that is built here, or of a source that is fetched. */
  source: z.string().min(1),
  /** Published files of a named source that are here already, by their paths: what is missing is fetched. */
  from: z.array(z.string()).optional(),
  id: z.string().optional(),
  /** Size of wordnet-finds; every other size than 20,000 is a collection of its own. */
  documents: z.union([z.number().int(), z.literal('all')]).optional(),
  seed: z.number().int().default(1),
  /** Of a collection without train split, the judged queries are hashed into train, dev and test. */
  split: hashedSplitsSchema.optional(),
  /** In place of a dataset of that id, once the new one is whole. */
  replace: z.boolean().default(false),
})

/** What an import is asked before it begins. */
export const importPlanRequestSchema = importRequestSchema.pick({ source: true, id: true, documents: true })
export const importPlanSchema = z.strictObject({
  /** The id that it would get. */
  id: z.string(),
  /** What stands there already, and the runs made with it; null where the id is free. */
  taken: z
    .strictObject({ title: z.string(), importedAt: z.string().nullable(), runs: z.array(z.string()) })
    .nullable(),
  /** An id like it that is free. */
  free: z.string(),
})
export type ImportPlan = z.infer<typeof importPlanSchema>
