import { isShown } from '../../../shared/is-shown'
import type { ComparedPair, ComparedSystem } from '../../../shared/schemas/comparison'
import { randomStream } from '../numeric/random'
import { holm } from '../statistics/holm'
import { pairedStatistics } from '../statistics/paired-statistics'
import { bootstrapMeans, randomisationTests } from '../statistics/resampling'

/** A system's scores: per measure, task after task, query after query. Every system of a comparison has the same ones. */
export interface SystemScores {
  readonly name: string
  readonly run: string
  readonly row: string
  /** values[measure][task] is [queries] */
  readonly values: ReadonlyMap<string, readonly Float64Array[]>
}

export interface ComparedSystems {
  readonly systems: ComparedSystem[]
  readonly pairs: ComparedPair[]
}

/** Smaller differences than this are how the same number was rounded. */
const LEVEL = 1e-9
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/**
 * Every pair of systems in every measure. The statistic is the mean over tasks, each once. Over `queries` the sign of each
 * query's difference is drawn, weighted so that every task counts the same; over `tasks` the sign of each task's mean.
 */
export function compareSystems(
  systems: readonly SystemScores[],
  options: {
    readonly measures: readonly string[]
    readonly over: 'queries' | 'tasks'
    readonly seed: number
  },
): ComparedSystems {
  const { measures, over, seed } = options
  const letters = systems.map((_, i) => LETTERS[i])
  const all = measures.flatMap((measure) => {
    const couples = systems.flatMap((a, i) => systems.slice(i + 1).map((b, j) => ({ a, b, i, j: i + 1 + j })))
    if (couples.length === 0) return []
    const differences = couples.map(({ a, b }) => differencesOf(a, b, measure))
    const columns = differences.map((tasks) => (over === 'tasks' ? taskMeans(tasks) : weighted(tasks)))
    // The same stream for every measure: what differs is the measure.
    const intervals = bootstrapMeans(columns, randomStream(seed, `bootstrap/${over}`))
    const ps = randomisationTests(columns, randomStream(seed, `randomisation/${over}`))
    const corrected = holm(ps)
    return couples.map(({ i, j }, c): ComparedPair => {
      const { student, effect, detectable } = pairedStatistics(columns[c])
      const { value, low, high } = intervals[c]
      return {
        a: letters[i],
        b: letters[j],
        measure,
        delta: value,
        low,
        high,
        p: ps[c],
        corrected: corrected[c],
        family: couples.length,
        student,
        effect,
        detectable,
        ...tally(differences[c]),
      }
    })
  })
  return {
    pairs: all,
    systems: systems.map(({ name, run, row, values }, i) => ({
      letter: letters[i],
      name,
      run,
      row,
      mean: Object.fromEntries(measures.map((measure) => [measure, meanOf(taskMeans(values.get(measure)!))])),
      beats: Object.fromEntries(measures.map((measure) => [measure, beaten(letters[i], measure, all)])),
    })),
  }
}

/** a − b, task by task; what only rounding tells apart is level. */
function differencesOf(a: SystemScores, b: SystemScores, measure: string): Float64Array[] {
  const others = b.values.get(measure)!
  return a.values.get(measure)!.map((values, t) => values.map((value, i) => leveled(value - others[t][i])))
}

function leveled(difference: number): number {
  return Math.abs(difference) < LEVEL ? 0 : difference
}

function beaten(letter: string, measure: string, pairs: readonly ComparedPair[]): string[] {
  return pairs
    .filter((pair) => pair.measure === measure && isShown(pair))
    .flatMap(({ a, b, delta }) => (delta > 0 && a === letter ? [b] : delta < 0 && b === letter ? [a] : []))
    .sort()
}

function tally(tasks: readonly Float64Array[]): Pick<ComparedPair, 'wins' | 'losses' | 'ties'> {
  const counts = { wins: 0, losses: 0, ties: 0 }
  for (const values of tasks)
    for (const value of values) counts[value > 0 ? 'wins' : value < 0 ? 'losses' : 'ties']++
  return counts
}

/** [queries] whose mean is the mean over tasks. */
function weighted(tasks: readonly Float64Array[]): Float64Array {
  const total = tasks.reduce((sum, { length }) => sum + length, 0)
  return Float64Array.from(
    tasks.flatMap((values) =>
      Array.from(values, (value) => (value * total) / (tasks.length * values.length)),
    ),
  )
}

function taskMeans(tasks: readonly Float64Array[]): Float64Array {
  return Float64Array.from(tasks, meanOf)
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
