import type { Cards, Difference } from '../../../shared/schemas/verdict'
import { type SystemName, systemLabel } from '../../../shared/system-name'
import { randomStream } from '../numeric/random'
import { holm } from '../statistics/holm'
import { pairedStatistics } from '../statistics/paired-statistics'
import { bootstrapMeans, randomisationTests } from '../statistics/resampling'
import { mean } from './system-scores'

/** A row with its scores, whether a system of ours made it or a run file of somebody else. */
export interface ScoredRow extends SystemName {
  readonly tasks: readonly {
    readonly task: { readonly task: { readonly id: string } }
    readonly queries: { readonly length: number }
    /** Per measure, [queries] */
    readonly values: ReadonlyMap<string, Float64Array>
  }[]
}

export interface DifferenceOptions {
  readonly cards: Cards
  readonly examples: number
  readonly measures: readonly string[]
  readonly seed: number
}

/**
 * a minus each of the others, on the same queries: over queries (pooled: would other queries say the same?) and, with more
 * than one task, over tasks (task means: would other tasks?). Positive: a is better.
 */
export function pairedDifferences(
  a: ScoredRow,
  others: readonly ScoredRow[],
  options: DifferenceOptions,
): Difference[] {
  const pairs = options.measures.flatMap((measure) => others.map((b) => ({ measure, b })))
  const byTask = pairs.map(({ measure, b }) =>
    a.tasks.map((task, t) => {
      const other = b.tasks[t].values.get(measure)!
      return task.values.get(measure)!.map((value, i) => value - other[i])
    }),
  )
  const units: [Difference['over'], Float64Array[]][] = [
    ['queries', byTask.map((tasks) => Float64Array.from(tasks.flatMap((values) => [...values])))],
  ]
  if (a.tasks.length > 1) units.push(['tasks', byTask.map((tasks) => Float64Array.from(tasks, mean))])
  const results = units.map(([over, columns]) => {
    const stream = (use: string) => randomStream(options.seed, `${use}/${over}`)
    return {
      over,
      intervals: bootstrapMeans(columns, stream('bootstrap')),
      ps: randomisationTests(columns, stream('randomisation')),
      statistics: columns.map(pairedStatistics),
    }
  })
  return pairs.flatMap(({ measure, b }, i) =>
    results.map(({ over, intervals, ps, statistics }) => ({
      a: systemLabel(a),
      b: systemLabel(b),
      cards: options.cards,
      examples: options.examples,
      task: a.tasks.length === 1 ? a.tasks[0].task.task.id : null,
      measure,
      over,
      delta: intervals[i].value,
      low: intervals[i].low,
      high: intervals[i].high,
      p: ps[i],
      student: statistics[i].student,
      effect: statistics[i].effect,
      detectable: statistics[i].detectable,
      n: statistics[i].n,
    })),
  )
}

/**
 * Holm's correction within each family: the differences of one measure over the same units in one table, since these are read
 * together. Give every difference of the table at once, each once.
 */
export function correctFamilies(differences: readonly Difference[]): Difference[] {
  const families = new Map<string, Difference[]>()
  for (const difference of differences) {
    const key = familyOf(difference)
    families.set(key, [...(families.get(key) ?? []), difference])
  }
  const corrected = new Map(
    [...families.values()].flatMap((family) => {
      const ps = holm(family.map(({ p }) => p))
      return family.map((difference, i) => [difference, { corrected: ps[i], family: ps.length }] as const)
    }),
  )
  return differences.map((difference) => ({ ...difference, ...corrected.get(difference) }))
}

function familyOf({ cards, examples, task, measure, over }: Difference): string {
  return JSON.stringify([cards, examples, task, measure, over])
}
