import type { Measure } from '../measures/measure'
import { parseMeasure } from '../measures/parse-measure'
import { rankRow } from './corpus-index'
import type { Fusion } from './fusion'

/** One dev query as its systems score it, with what is known of its documents. */
interface ScoredQuery {
  /** Its systems, on one scale. */
  readonly fused: Fusion
  /** Grade of each judged document of the corpus. */
  readonly grades: ReadonlyMap<number, number>
  /** All positive grades in descending order: not empty. */
  readonly ideal: ArrayLike<number>
  /** Documents that may not be found; −1 is none. */
  readonly excluded?: Iterable<number>
}

export interface ChosenWeights {
  /** [systems] shares ≥ 0 that sum to 1. */
  readonly weights: readonly number[]
  /** Mean of the measure over the dev queries at these weights. */
  readonly value: number
  readonly queries: number
}

export interface WeightChoice {
  add(query: ScoredQuery): void
  best(): ChosenWeights
  /** Every combination tried, with its mean. */
  tried(): { weights: readonly number[]; value: number }[]
}

/**
 * Chooses weights on dev queries, which come one by one so that no matrix of scores has to be kept. All shares in steps of
 * 1 / `steps` (twentieths of two systems, tenths of more) are tried, zero included: a system that only harms is dropped, and one that is best alone stays alone. Of
 * equal combinations the one with most weight on the first system (then the second …) wins: put what stands alone first.
 */
export function chooseWeights(options: {
  readonly systems: number
  readonly tieOrder: Int32Array
  readonly steps?: number
  readonly measure?: Measure
}): WeightChoice {
  const { systems, tieOrder, steps = systems > 2 ? 10 : 20, measure = parseMeasure('nDCG@10') } = options
  const combinations = [...shares(systems, steps)].map((counts) => counts.map((count) => count / steps))
  const sums = new Float64Array(combinations.length)
  let queries = 0
  return {
    add({ fused, grades, ideal, excluded }) {
      queries++
      combinations.forEach((weights, c) => {
        const { documents } = rankRow(fused(weights), measure.cutoff, tieOrder, excluded)
        const ranked = Array.from(documents, (document) => grades.get(document) ?? 0)
        sums[c] += measure.score({ grades: ranked, ideal })
      })
    },
    best() {
      let best = 0
      // Sums of the same addends in another order differ in their last digits: no reason to prefer one.
      for (let c = 1; c < sums.length; c++) if (sums[c] > sums[best] + 1e-9) best = c
      return { weights: combinations[best], value: queries ? sums[best] / queries : 0, queries }
    },
    tried: () => combinations.map((weights, c) => ({ weights, value: queries ? sums[c] / queries : 0 })),
  }
}

/** Every way to share `steps` among `parts`, most for the first parts first. */
function* shares(parts: number, steps: number): Generator<number[]> {
  if (parts === 1) {
    yield [steps]
    return
  }
  for (let first = steps; first >= 0; first--) {
    for (const rest of shares(parts - 1, steps - first)) yield [first, ...rest]
  }
}
