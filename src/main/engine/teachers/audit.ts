import type { TaskAudit } from '../../../shared/schemas/audit'
import { measureNames, parseMeasure } from '../measures/index'
import type { Ranking } from '../retrieval/corpus-index'
import type { JudgedQuery } from './judged-queries'

/** Documents of each list that are measured, and that are candidates for the comparison of pairs. */
export const AUDIT_DEPTH = 100
/** Documents asked of each system: where its list goes on, it still says which of two candidates of others is better. */
export const AUDIT_LIST_DEPTH = 1000

/** The measure that decides whether a teacher is worse than the student. */
const DECIDING_MEASURE = 'nDCG@10'

/** One system's lists for the queries of an audit, at most AUDIT_LIST_DEPTH long, and what they cost. */
export interface AuditedSystem {
  readonly name: string
  /** [queries] */
  readonly rankings: readonly Ranking[]
  readonly millisecondsPerQuery: number
  readonly cached?: number | null
  readonly settled?: string | null
}

/**
 * How good each teacher is before anything is learned from it: measures, how many of the judged documents it finds, how often
 * it agrees with the judgments and with the others about which of two documents is better, beside the student that would
 * learn from it. A teacher below the student's nDCG@10 is gated: what it knows better is not what the measure rewards.
 */
export function auditSystems(options: {
  readonly task: string
  readonly queries: readonly JudgedQuery[]
  /** Dev queries that there are. */
  readonly available: number
  readonly student: AuditedSystem
  readonly teachers: readonly AuditedSystem[]
}): TaskAudit {
  const { task, queries, available, student, teachers } = options
  const systems = [student, ...teachers]
  const measured = systems.map((system) => measure(system, queries))
  const agreement = judgmentAgreement(systems, queries)
  const rows = systems.map((system, s) => {
    const delta = measured[s][DECIDING_MEASURE] - measured[0][DECIDING_MEASURE]
    return {
      teacher: system.name,
      student: s === 0,
      measures: measured[s],
      coverage: coverage(system, queries),
      agreement: agreement[s],
      millisecondsPerQuery: system.millisecondsPerQuery,
      cached: system.cached ?? null,
      delta,
      gated: s > 0 && !(delta >= 0),
      settled: system.settled ?? null,
    }
  })
  return { task, queries: queries.length, available, rows, between: agreementsBetween(systems) }
}

/** The teachers of an audit that a task may learn from: those not gated, and those asked for in spite of it. */
export function admittedTeachers({ rows }: TaskAudit, askedFor: readonly string[] = []): string[] {
  return rows
    .filter(({ student, gated, teacher }) => !student && (!gated || askedFor.includes(teacher)))
    .map(({ teacher }) => teacher)
}

function measure({ rankings }: AuditedSystem, queries: readonly JudgedQuery[]): Record<string, number> {
  const means = measureNames().map((name) => {
    const { score } = parseMeasure(name)
    const values = queries.map(({ grades, ideal }, i) =>
      score({ grades: Array.from(first(rankings[i]), (document) => grades.get(document) ?? 0), ideal }),
    )
    return [name, mean(values) ?? 0] as const
  })
  return Object.fromEntries(means)
}

function coverage({ rankings }: AuditedSystem, queries: readonly JudgedQuery[]): number | null {
  return mean(
    queries.flatMap(({ grades }, i) => {
      if (grades.size === 0) return []
      return [first(rankings[i]).filter((document) => grades.has(document)).length / grades.size]
    }),
  )
}

/**
 * Per system the mean over queries of the share of pairs (relevant, not relevant) that it orders right. The documents are the
 * candidates: the union of the first documents of all systems. Those that a list lacks stand below it, all alike: a pair of
 * them counts one half. Unjudged documents count as not relevant, as in the measures.
 */
function judgmentAgreement(
  systems: readonly AuditedSystem[],
  queries: readonly JudgedQuery[],
): (number | null)[] {
  const shares: number[][] = systems.map(() => [])
  queries.forEach(({ grades }, i) => {
    const candidates = new Set(systems.flatMap(({ rankings }) => [...first(rankings[i])]))
    const isRelevant = (document: number) => (grades.get(document) ?? 0) > 0
    const relevant = [...candidates].filter(isRelevant).length
    const others = candidates.size - relevant
    if (relevant === 0 || others === 0) return
    systems.forEach(({ rankings }, s) => {
      const listed = rankings[i].documents.filter((document) => candidates.has(document))
      shares[s].push(rightlyOrdered(Array.from(listed, isRelevant), relevant, others))
    })
  })
  return shares.map(mean)
}

/** @param listed whether each document of a list is relevant, best first  @param relevant, others in all, listed or not */
function rightlyOrdered(listed: readonly boolean[], relevant: number, others: number): number {
  let right = 0
  let found = 0
  let above = 0
  for (const isRelevant of listed) {
    if (isRelevant) {
      found++
      right += others - above
    } else above++
  }
  right += (relevant - found) * (others - above) * 0.5
  return right / (relevant * others)
}

function agreementsBetween(systems: readonly AuditedSystem[]): TaskAudit['between'] {
  return systems.flatMap((a, i) =>
    systems.slice(i + 1).map((b) => ({
      a: a.name,
      b: b.name,
      agreement: mean(
        a.rankings.flatMap((ranking, q) => {
          const share = orderedAlike(ranking, b.rankings[q])
          return share === null ? [] : [share]
        }),
      ),
    })),
  )
}

/**
 * Of the pairs among the first documents of two lists, the share that both order alike; documents that one of them does not
 * name, a re-ranker's tail, are left out.
 */
function orderedAlike(a: Ranking, b: Ranking): number | null {
  const placesOf = ({ documents }: Ranking) =>
    new Map(Array.from(documents, (document, rank) => [document, rank]))
  const [inA, inB] = [placesOf(a), placesOf(b)]
  const both = [...new Set([...first(a), ...first(b)])].filter(
    (document) => inA.has(document) && inB.has(document),
  )
  const places = [inA, inB].map((known) => Int32Array.from(both, (document) => known.get(document) as number))
  let alike = 0
  for (let i = 0; i < both.length; i++) {
    for (let j = 0; j < i; j++) {
      if (places[0][i] < places[0][j] === places[1][i] < places[1][j]) alike++
    }
  }
  return both.length > 1 ? alike / ((both.length * (both.length - 1)) / 2) : null
}

/** The documents of a list that are measured. */
function first({ documents }: Ranking): Int32Array {
  return documents.subarray(0, AUDIT_DEPTH)
}

function mean(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null
}
