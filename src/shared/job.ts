import { z } from 'zod'

export const jobStateSchema = z.enum(['queued', 'running', 'done', 'failed', 'cancelled'])
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
  where: z.string().optional(),
})

/** What happened, in order: appended to events.jsonl and streamed to whoever watches. `at` is milliseconds since the epoch. */
export const jobEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), at: z.number(), progress: progressSchema }),
  /** Mean training loss since the last such event. `arm`: which network (`task card`, `no card`). */
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
  z.strictObject({
    type: z.literal('log'),
    at: z.number(),
    level: z.enum(['info', 'warning', 'error']),
    message: z.string(),
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
  kind: z.enum(['demo', 'train', 'evaluate', 'import']),
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
