import type { Cards, Difference } from '../../../shared/schemas/verdict'
import type { SystemName } from '../../../shared/system-name'
import { holm } from '../statistics/holm'
import { inferencesOf, type Sampling } from '../statistics/inference'

/** A row with its scores, whether a system of ours made it or a run file of somebody else. */
export interface ScoredRow extends SystemName {
  readonly tasks: readonly {
    readonly task: { readonly task: { readonly id: string } }
    readonly queries: { readonly length: number }
    /** Per measure, [queries] */
    readonly values: ReadonlyMap<string, Float64Array>
    readonly seconds?: number
  }[]
}

export interface DifferenceOptions {
  readonly cards: Cards
  readonly examples: number
  readonly measures: readonly string[]
  readonly sampling: Sampling
  readonly seed: number
}

/** Before Holm's correction, which needs the whole family. */
export type TestedDifference = Omit<Difference, 'best' | 'corrected' | 'family'>

/** a minus each of the others, on the same queries, over the table's unit. Positive: a is better. */
export function pairedDifferences(
  a: ScoredRow,
  others: readonly ScoredRow[],
  { cards, examples, measures, sampling, seed }: DifferenceOptions,
): TestedDifference[] {
  const pairs = measures.flatMap((measure) => others.map((b) => ({ measure, b })))
  const columns = pairs.map(({ measure, b }) => taskDifferences(a, b, measure))
  if (pairs.length === 0) return []
  const inferences = inferencesOf(columns, sampling, seed)
  return pairs.map(({ measure, b }, i) => {
    const { value: delta, ...rest } = inferences[i]
    return {
      a: { row: a.row, bm25: a.bm25 },
      b: { row: b.row, bm25: b.bm25 },
      cards,
      examples,
      task: a.tasks.length === 1 ? a.tasks[0].task.task.id : null,
      measure,
      unit: sampling.unit,
      tasks: a.tasks.length,
      delta,
      ...rest,
    }
  })
}

/** a − b query by query, task after task, each [queries]. */
export function taskDifferences(
  a: Pick<ScoredRow, 'tasks'>,
  b: Pick<ScoredRow, 'tasks'>,
  measure: string,
): Float64Array[] {
  return a.tasks.map(({ values }, t) => {
    const other = b.tasks[t].values.get(measure)!
    return values.get(measure)!.map((value, i) => value - other[i])
  })
}

/**
 * Holm's correction within each family: the differences of one measure in one table, since these are read together. Give every
 * difference of the table at once, each once.
 */
export function correctFamilies<Tested extends TestedDifference>(
  differences: readonly Tested[],
): (Tested & Pick<Difference, 'corrected' | 'family'>)[] {
  const families = new Map<string, Tested[]>()
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
  return differences.map((difference) => ({ ...difference, ...corrected.get(difference)! }))
}

function familyOf({ cards, examples, task, measure, unit }: TestedDifference): string {
  return JSON.stringify([cards, examples, task, measure, unit])
}
