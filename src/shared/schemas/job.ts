import { z } from 'zod'
import { CARD_GROUPS } from '../ladder'

const jobStateSchema = z.enum(['queued', 'running', 'done', 'paused', 'failed', 'cancelled'])
export type JobState = z.infer<typeof jobStateSchema>

export const progressSchema = z.strictObject({
  /** What is being done, in words: `encode 20,000 documents`, `train task card`. */
  phase: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.string(),
  /** Units per second over the last seconds. */
  rate: z.number(),
  /** Seconds left of this phase. */
  remaining: z.number().nullable(),
})
export type Progress = z.infer<typeof progressSchema>

const errorSchema = z.strictObject({
  code: z.string(),
  expected: z.string(),
  got: z.string(),
  remedy: z.string(),
  command: z.string().optional(),
  where: z.string().optional(),
})

/** What happened, in order: appended to events.jsonl and streamed to whoever watches. `at` is milliseconds since the epoch. */
export const jobEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), at: z.number(), progress: progressSchema }),
  /** Mean training loss since the last such event. `arm`: which trained system (`task card`, `no card`). */
  z.strictObject({
    type: z.literal('loss'),
    at: z.number(),
    run: z.string(),
    arm: z.string(),
    step: z.number(),
    steps: z.number(),
    loss: z.number(),
  }),
  z.strictObject({
    type: z.literal('dev'),
    at: z.number(),
    run: z.string(),
    arm: z.string(),
    step: z.number(),
    measure: z.string(),
    value: z.number(),
  }),
  /** Norm of the whole gradient before it was clipped: mean and greatest since the last such event. */
  z.strictObject({
    type: z.literal('norm'),
    at: z.number(),
    run: z.string(),
    arm: z.string(),
    step: z.number(),
    mean: z.number(),
    most: z.number(),
  }),
  /** Mean training loss of each task since the last such event; tasks that no step drew are absent. */
  z.strictObject({
    type: z.literal('task-loss'),
    at: z.number(),
    run: z.string(),
    arm: z.string(),
    step: z.number(),
    losses: z.record(z.string(), z.number()),
  }),
  /** What the network makes of its cards: measured with the dev measure. */
  z.strictObject({
    type: z.literal('health'),
    at: z.number(),
    run: z.string(),
    arm: z.string(),
    step: z.number(),
    /** Cards looked at. */
    cards: z.number(),
    /** Mean pairwise cosine of what their heads do to the same queries; null for fewer than two heads. */
    cosine: z.number().nullable(),
    /** Participation ratio of these heads, 1 (all alike) to `cards`; null for fewer than two. */
    effectiveRank: z.number().nullable(),
    /** Mean ‖f(x) − x‖ over these queries: how far heads move a query. */
    shift: z.number(),
    /** Mean share of the frozen first ten documents that stay among the first ten; null without dev queries. */
    overlap: z.number().nullable(),
  }),
  /** What a stage of a run took on its machine: the cost of the next run is estimated from it. */
  z.strictObject({
    type: z.literal('cost'),
    at: z.number(),
    run: z.string(),
    stage: z.enum(['encode', 'train', 'evaluate']),
    seconds: z.number(),
    /** Characters encoded that were not in the cache; steps made; pairs of a query and a document ranked, for one row. */
    work: z.number(),
    /** Greatest resident memory of the process, bytes. */
    memoryBytes: z.number(),
  }),
  /** Rows of the ladder that are scored: the cards of one group, at one number of examples. Means over tasks, each task once. */
  z.strictObject({
    type: z.literal('ladder'),
    at: z.number(),
    run: z.string(),
    cards: z.enum(CARD_GROUPS),
    examples: z.number().int(),
    tasks: z.number().int(),
    queries: z.number().int(),
    rows: z.array(
      z.strictObject({ row: z.string(), bm25: z.boolean(), mean: z.record(z.string(), z.number()) }),
    ),
  }),
  z.strictObject({
    type: z.literal('log'),
    at: z.number(),
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
    /** Where on a curve it happened. */
    mark: z.strictObject({ run: z.string(), arm: z.string(), step: z.number() }).optional(),
    /** What was passed over, where the rest of the work went on without it. */
    error: errorSchema.optional(),
  }),
  z.strictObject({
    type: z.literal('state'),
    at: z.number(),
    state: jobStateSchema,
    error: errorSchema.optional(),
  }),
])
export type JobEvent = z.infer<typeof jobEventSchema>

export const jobSchema = z.strictObject({
  id: z.string(),
  kind: z.enum([
    'demo',
    'train',
    'evaluate',
    'import',
    'audit',
    'lint',
    'model',
    'matrix',
    'table',
    'index',
    'generate',
  ]),
  title: z.string(),
  state: jobStateSchema,
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  progress: progressSchema.nullable(),
  /** The runs that this job writes, main one first. */
  runs: z.array(z.string()),
  error: errorSchema.nullable(),
})
export type JobRecord = z.infer<typeof jobSchema>
