import { z } from 'zod'
import { DEFAULT_ENCODER } from '../default-encoder'

/** A teacher with its options. */
export const teacherChoiceSchema = z.strictObject({
  name: z.string().min(1),
  options: z.record(z.string(), z.unknown()).default({}),
})
export type TeacherChoice = z.infer<typeof teacherChoiceSchema>

export const auditRequestSchema = z.strictObject({
  tasks: z.array(z.string().min(1)).min(1),
  teachers: z
    .array(teacherChoiceSchema)
    .min(1)
    .default([
      { name: 'bm25', options: {} },
      { name: 'fusion', options: {} },
    ]),
  /** Dev queries a task at most, those with the smallest sha1(id). */
  queries: z.number().int().min(1).optional(),
  /** The student: what is to be taught. */
  encoder: z.string().min(1).default(DEFAULT_ENCODER),
  seed: z.number().int().min(0).default(1),
})

/** One teacher, or the student, on the dev queries of one task. */
const auditRowSchema = z.strictObject({
  /** The teacher's name, with the options that were given. */
  teacher: z.string(),
  student: z.boolean(),
  /** Means over the queries. */
  measures: z.record(z.string(), z.number()),
  /** Mean share of a query's judged documents among the first `depth`; null where the corpus holds none of them. */
  coverage: z.number().nullable(),
  /** Mean share of pairs (relevant, not relevant) of the candidates that are ordered right; .5 is chance. */
  agreement: z.number().nullable(),
  millisecondsPerQuery: z.number(),
  /** Share of a cross-encoder's scores that came from the cache, which makes its time meaningless; null where none is used. */
  cached: z.number().nullable(),
  /** nDCG@10 less the student's. */
  delta: z.number(),
  /** Worse than the student: not learned from on this task unless asked for. */
  gated: z.boolean(),
  /** What the teacher settled on dev by itself, in words. */
  settled: z.string().nullable(),
})
export type AuditRow = z.infer<typeof auditRowSchema>

/** A query on which teachers order otherwise than the student, by ids. */
const auditExampleSchema = z.strictObject({
  query: z.string(),
  rankings: z.array(
    z.strictObject({
      teacher: z.string(),
      /** nDCG@10 of this query. */
      score: z.number(),
      /** The first ones; grade null: nobody judged it. */
      documents: z.array(z.strictObject({ id: z.string(), grade: z.number().nullable() })),
    }),
  ),
})

/** The same with the texts, as people read it. */
export const auditExampleTextsSchema = auditExampleSchema.extend({
  /** Of the query; null where the dataset has it no more. */
  text: z.string().nullable(),
  rankings: z.array(
    auditExampleSchema.shape.rankings.element.extend({
      documents: z.array(
        z.strictObject({ id: z.string(), grade: z.number().nullable(), text: z.string().nullable() }),
      ),
    }),
  ),
})

/** @internal */
export const taskAuditSchema = z.strictObject({
  task: z.string(),
  /** Dev queries asked, and those that there are. */
  queries: z.number().int(),
  available: z.number().int(),
  /** The student first. */
  rows: z.array(auditRowSchema),
  /** Mean share of the document pairs that two rows order alike, among documents that both name. */
  between: z.array(z.strictObject({ a: z.string(), b: z.string(), agreement: z.number().nullable() })),
  /** Queries won by most, then queries lost by most. Absent in audits of before they were kept. */
  examples: z.array(auditExampleSchema).optional(),
})
export type TaskAudit = z.infer<typeof taskAuditSchema>

/** `audits/<id>.json` */
export const auditSchema = z.strictObject({
  version: z.literal(1),
  id: z.string(),
  createdAt: z.string(),
  request: auditRequestSchema,
  encoder: z.strictObject({ id: z.string(), sha256: z.string() }),
  datasets: z.array(z.strictObject({ id: z.string(), sha256: z.string() })),
  /** Documents of each list that are looked at. */
  depth: z.number().int(),
  tasks: z.array(taskAuditSchema),
  seconds: z.number(),
})
export type Audit = z.infer<typeof auditSchema>
