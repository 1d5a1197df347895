import { isShown } from '../../../shared/is-shown'
import type { ComparedPair, ComparedSystem } from '../../../shared/schemas/comparison'
import { holm } from '../statistics/holm'
import { inferencesOf, meanOf, type Sampling } from '../statistics/inference'
import { difference, tally } from './query-differences'

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

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** Every pair of systems in every measure, over one unit. The statistic is the mean over tasks, each once. */
export function compareSystems(
  systems: readonly SystemScores[],
  options: { readonly measures: readonly string[]; readonly sampling: Sampling; readonly seed: number },
): ComparedSystems {
  const { measures, sampling, seed } = options
  const letters = systems.map((_, i) => LETTERS[i])
  const all = measures.flatMap((measure) => {
    const couples = systems.flatMap((a, i) => systems.slice(i + 1).map((b, j) => ({ a, b, i, j: i + 1 + j })))
    if (couples.length === 0) return []
    const differences = couples.map(({ a, b }) => differencesOf(a, b, measure))
    // The same streams for every measure: what differs is the measure.
    const inferences = inferencesOf(differences, sampling, seed)
    const corrected = holm(inferences.map(({ p }) => p))
    return couples.map(({ i, j }, c): ComparedPair => {
      const { value, low, high, p, student, effect, detectable } = inferences[c]
      return {
        a: letters[i],
        b: letters[j],
        measure,
        delta: value,
        low,
        high,
        p,
        corrected: corrected[c],
        family: couples.length,
        student,
        effect,
        detectable,
        ...wonLostLevel(differences[c]),
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
      mean: Object.fromEntries(
        measures.map((measure) => [measure, meanOf(values.get(measure)!.map(meanOf))]),
      ),
      beats: Object.fromEntries(measures.map((measure) => [measure, beaten(letters[i], measure, all)])),
    })),
  }
}

/** a − b, task by task. */
function differencesOf(a: SystemScores, b: SystemScores, measure: string): Float64Array[] {
  const others = b.values.get(measure)!
  return a.values.get(measure)!.map((values, t) => values.map((value, i) => difference(value, others[t][i])))
}

function beaten(letter: string, measure: string, pairs: readonly ComparedPair[]): string[] {
  return pairs
    .filter((pair) => pair.measure === measure && isShown(pair))
    .flatMap(({ a, b, delta }) => (delta > 0 && a === letter ? [b] : delta < 0 && b === letter ? [a] : []))
    .sort()
}

function wonLostLevel(tasks: readonly Float64Array[]): Pick<ComparedPair, 'wins' | 'losses' | 'ties'> {
  const { wins, losses, ties } = tally(tasks.flatMap((values) => [...values]))
  return { wins, losses, ties }
}
