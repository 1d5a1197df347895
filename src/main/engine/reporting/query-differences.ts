import type { QueryOrder, Tally } from '../../../shared/schemas/query-comparison'

/** Smaller differences than this are how the same number was rounded. */
const LEVEL = 1e-9

/** What two systems scored on one query. */
export interface QueryPair {
  readonly task: string
  readonly query: string
  readonly a: number
  readonly b: number
}

/** a − b; what only rounding tells apart is level. */
export function difference(a: number, b: number): number {
  const value = a - b
  return Math.abs(value) < LEVEL ? 0 : value
}

export function tally(differences: Iterable<number>): Tally {
  const counts = { n: 0, wins: 0, losses: 0, ties: 0 }
  for (const value of differences) {
    counts.n++
    counts[value > 0 ? 'wins' : value < 0 ? 'losses' : 'ties']++
  }
  return counts
}

/** By difference; those that are level in the order given, so that a window of it is the same each time. */
export function byDifference(pairs: readonly QueryPair[], order: QueryOrder): QueryPair[] {
  const sign = order === 'losses' ? 1 : -1
  return [...pairs].sort((x, y) => sign * (difference(x.a, x.b) - difference(y.a, y.b)))
}

/** At most `most` of the values, the first and the last among them, at equal distances. */
export function evenly(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values]
  return Array.from(
    { length: most },
    (_, i) => values[Math.round((i * (values.length - 1)) / Math.max(1, most - 1))],
  )
}
