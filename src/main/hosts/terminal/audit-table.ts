import { figure, signed } from '../../../shared/figure-words'
import { HEADLINE_MEASURES } from '../../../shared/ladder'
import type { Audit, AuditRow, TaskAudit } from '../../../shared/schemas/audit'
import { alignTable } from './align-table'
import { wrap } from './fit-text'
import { formatCount, formatDuration } from './format-number'

/** An audit as a person reads it: per task the student and the teachers, who agrees with whom, and who is gated. */
export function auditTable(audit: Audit, columns: number): string {
  const parts = audit.tasks.flatMap((task) => [taskTable(task, columns), ''])
  const note = `Coverage: judged documents among the first ${audit.depth}. Agreement: pairs of a relevant and another document among these of all teachers that are ordered as the judgments have it (.5 is chance). Building an index and encoding are not in ms/query.`
  const isFlattered = audit.tasks.some(({ rows }) => rows.some(({ settled }) => settled !== null))
  const flattery = isFlattered ? ' Weights were chosen on the dev queries, which flatters a fusion here.' : ''
  return [...parts, ...wrap(note + flattery, columns), `${audit.id}, ${formatDuration(audit.seconds)}`].join(
    '\n',
  )
}

function taskTable({ task, queries, available, rows, between }: TaskAudit, columns: number): string {
  const of = queries < available ? ` of ${formatCount(available)}` : ''
  const title = `${task} · ${formatCount(queries)}${of} dev queries`
  const table = alignTable(
    [
      { title: 'teacher' },
      ...HEADLINE_MEASURES.map((measure) => ({ title: measure, align: 'right' as const })),
      { title: 'to student', align: 'right' },
      { title: 'coverage', align: 'right' },
      { title: 'agreement', align: 'right' },
      { title: 'ms/query', align: 'right' },
      { title: '' },
    ],
    rows.map((row) => [
      row.teacher,
      ...HEADLINE_MEASURES.map((measure) => figure(row.measures[measure])),
      row.student ? '' : signed(row.delta),
      orNothing(row.coverage),
      orNothing(row.agreement),
      cost(row),
      remark(row),
    ]),
  )
  const settled = rows
    .filter((row) => row.settled)
    .flatMap((row) => wrap(`${row.teacher}: ${row.settled}.`, columns))
  const pairs = between.map(({ a, b, agreement }) => `${a} and ${b} ${orNothing(agreement)}`)
  return [
    title,
    '',
    table,
    '',
    ...settled,
    ...wrap(`Pairs ordered alike: ${pairs.join('; ')}.`, columns),
  ].join('\n')
}

function remark({ student, gated }: AuditRow): string {
  if (student) return 'the student'
  return gated ? 'worse than student: gated' : ''
}

/** A cached score costs nothing: with any of them the time says nothing. */
function cost({ millisecondsPerQuery, cached }: AuditRow): string {
  if (cached !== null && cached > 0) return `${formatCount(100 * cached)} % cached`
  return millisecondsPerQuery >= 10 ? formatCount(millisecondsPerQuery) : millisecondsPerQuery.toFixed(1)
}

function orNothing(value: number | null): string {
  return value === null ? '–' : figure(value)
}
