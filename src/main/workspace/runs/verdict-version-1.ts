import { z } from 'zod'
import {
  cardsSchema,
  type Difference,
  intervalSchema,
  rowSchema,
  type Verdict,
  verdictSchema,
} from '../../../shared/schemas/verdict'
import { type SystemName, systemLabel } from '../../../shared/system-name'
import type { Unit } from '../../../shared/unit'

const differenceSchema = z.strictObject({
  a: z.string(),
  b: z.string(),
  cards: cardsSchema,
  examples: z.number().int(),
  task: z.string().nullable(),
  measure: z.string(),
  over: z.enum(['queries', 'tasks']),
  delta: z.number(),
  low: z.number(),
  high: z.number(),
  p: z.number(),
  corrected: z.number().optional(),
  family: z.number().int().optional(),
  student: z.number().nullable().optional(),
  effect: z.number().nullable().optional(),
  detectable: z.number().nullable().optional(),
  n: z.number().int().optional(),
})

/** results.json as 0.1 wrote it: names of systems as text, each difference over queries and over tasks. */
export const verdictVersion1Schema = verdictSchema
  .omit({ depth: true, clusters: true, limits: true })
  .extend({
    version: z.literal(1),
    rows: z.array(
      rowSchema
        .omit({ unit: true, units: true, taskCount: true })
        .extend({ taskCount: z.number().int().optional(), mean: z.record(z.string(), intervalSchema) }),
    ),
    differences: z.array(differenceSchema),
  })
type Verdict1 = z.infer<typeof verdictVersion1Schema>

/** Own rows were ranked to this depth, or as deep as a measure's cut-off asked. */
const DEPTH = 100
/** From so many tasks on the test over tasks stands; below it could not show anything. */
const FEW_TASKS = 10
const BEST = 'best control: '

/**
 * The present form of an old verdict, as far as it can be told from it. Of the two tests of each pair the one that today's rule
 * would choose is kept; queries were pooled then, and are called so. The words are those of then.
 */
export function fromVersion1(old: Verdict1): Verdict {
  const rows = old.rows.map((row) => {
    const tasks = row.taskCount ?? Math.max(1, Object.keys(row.tasks ?? {}).length)
    // Intervals of rows were over tasks wherever there were several.
    const unit: Unit = tasks > 1 ? 'tasks' : 'queries'
    return { ...row, taskCount: tasks, unit, units: tasks > 1 ? tasks : row.n }
  })
  const names = new Map<string, SystemName>(rows.map((row) => [systemLabel(row), row]))
  const nameOf = (label: string): SystemName => {
    const { row, bm25 } = names.get(label) ?? { row: label, bm25: false }
    return { row, bm25 }
  }
  const tasksOf = (one: Verdict1['differences'][number]) =>
    rows.find((row) => row.cards === one.cards && row.examples === one.examples)?.taskCount ?? 1
  const isLead = (one: Verdict1['differences'][number]) =>
    old.differences.some(
      ({ b, cards, examples, measure }) =>
        b === `${BEST}${one.b}` &&
        cards === one.cards &&
        examples === one.examples &&
        measure === one.measure,
    )
  const differences = old.differences
    .filter(({ b }) => !b.startsWith(BEST))
    .filter((one) => one.over === (tasksOf(one) >= FEW_TASKS ? 'tasks' : 'queries'))
    .map(({ over, ...one }): Difference => {
      const tasks = tasksOf(one as Verdict1['differences'][number])
      const row = rows.find(({ cards, examples }) => cards === one.cards && examples === one.examples)
      const unit: Unit = over === 'tasks' ? 'tasks' : tasks > 1 ? 'pooled queries' : 'queries'
      return {
        ...one,
        a: nameOf(one.a),
        b: nameOf(one.b),
        best: isLead({ ...one, over }),
        unit,
        tasks,
        n: one.n ?? (over === 'tasks' ? tasks : (row?.n ?? 0)),
        corrected: one.corrected ?? one.p,
        family: one.family ?? 1,
        student: one.student ?? null,
        effect: one.effect ?? null,
        detectable: one.detectable ?? null,
      }
    })
  return {
    ...old,
    version: 2,
    depth: DEPTH,
    clusters: old.tasks.map((_, task) => task),
    rows,
    differences,
    limits: [
      'These are the words and intervals of an earlier version; score the run again for those of today’s rules.',
    ],
  }
}
