import type { Measure } from '../measures/measure'
import { parseMeasure } from '../measures/parse-measure'
import type { Ranking } from './corpus-index'
import { topK } from './top-k'

/**
 * How scores of different systems are brought to one scale before they are added. `zscore`: (s − mean) / deviation;
 * `minmax`: (s − min) / (max − min); `rrf`: 1 / (k + rank), which forgets the scores.
 */
export const FUSION_METHODS = ['zscore', 'minmax', 'rrf'] as const
export type FusionMethod = (typeof FUSION_METHODS)[number]

/** Cormack, Clarke and Büttcher's constant of reciprocal rank fusion. */
export const RRF_K = 60

/**
 * A row's scores less their mean, over their standard deviation (of the population), over the whole corpus: documents that
 * a lexical system does not match count with their 0. −∞ stands for an excluded document: it is not counted and stays. A row
 * of equal scores says nothing and becomes zeros.
 * @param scores [documents]  @param out may be `scores` itself
 */
export function zScores(
  scores: Float32Array,
  out: Float32Array = new Float32Array(scores.length),
): Float32Array {
  let sum = 0
  let count = 0
  for (let i = 0; i < scores.length; i++) {
    if (scores[i] === Number.NEGATIVE_INFINITY) continue
    sum += scores[i]
    count++
  }
  const mean = count > 0 ? sum / count : 0
  let squares = 0
  for (let i = 0; i < scores.length; i++) {
    if (scores[i] !== Number.NEGATIVE_INFINITY) squares += (scores[i] - mean) ** 2
  }
  const deviation = Math.sqrt(squares / Math.max(1, count))
  return rescale(scores, mean, isSpread(deviation, mean) ? 1 / deviation : 0, out)
}

/** A row's scores on [0, 1], lowest to highest; −∞ stays, and a row of equal scores becomes zeros. @param scores [documents] */
export function minMaxScores(
  scores: Float32Array,
  out: Float32Array = new Float32Array(scores.length),
): Float32Array {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]
    if (score === Number.NEGATIVE_INFINITY) continue
    if (score < low) low = score
    if (score > high) high = score
  }
  return rescale(scores, low, high > low ? 1 / (high - low) : 0, out)
}

/**
 * Σ wᵢ · rowᵢ over rows of one scale. A row of weight 0 is left out altogether.
 * @param rows [systems] of [documents]  @param weights [systems]
 */
export function fuse(
  rows: readonly Float32Array[],
  weights: readonly number[],
  out: Float32Array = new Float32Array(rows[0].length),
): Float32Array {
  if (rows.length !== weights.length) throw new RangeError('fusion needs one weight for each row')
  out.fill(0)
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r]
    const weight = weights[r]
    if (weight === 0) continue
    for (let i = 0; i < out.length; i++) out[i] += weight * row[i]
  }
  return out
}

/**
 * One system's list as a row over the whole corpus, ready to be fused: normalised within the list, and a document that the
 * list lacks stands where its last one does (for `rrf` at 0, as if it came infinitely late).
 */
export function listScores(
  { documents, scores }: Ranking,
  corpusSize: number,
  method: FusionMethod,
  k = RRF_K,
): Float32Array {
  const row = new Float32Array(corpusSize)
  if (documents.length === 0) return row
  const values =
    method === 'rrf'
      ? Float32Array.from(documents, (_, place) => 1 / (k + place + 1))
      : method === 'zscore'
        ? zScores(scores)
        : minMaxScores(scores)
  if (method !== 'rrf') row.fill(values.reduce((low, value) => Math.min(low, value)))
  for (let place = 0; place < documents.length; place++) row[documents[place]] = values[place]
  return row
}

/** One dev query as every system scores it, on one scale, with what is known of its documents. */
interface ScoredQuery {
  /** [systems] of [documents] */
  readonly rows: readonly Float32Array[]
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
  let fused: Float32Array = new Float32Array(0)
  return {
    add({ rows, grades, ideal, excluded }) {
      if (fused.length !== rows[0].length) fused = new Float32Array(rows[0].length)
      const gone = [...(excluded ?? [])].filter((document) => document >= 0)
      queries++
      combinations.forEach((weights, c) => {
        fuse(rows, weights, fused)
        for (const document of gone) fused[document] = Number.NEGATIVE_INFINITY
        const top = topK(fused, Math.min(measure.cutoff, fused.length - gone.length), tieOrder)
        sums[c] += measure.score({ grades: Array.from(top, (document) => grades.get(document) ?? 0), ideal })
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

function rescale(scores: Float32Array, origin: number, factor: number, out: Float32Array): Float32Array {
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]
    out[i] = score === Number.NEGATIVE_INFINITY ? score : (score - origin) * factor
  }
  return out
}

/** Equal float32 scores can leave a deviation of rounding errors. */
function isSpread(deviation: number, mean: number): boolean {
  return deviation > 1e-7 * Math.abs(mean) && deviation > 0
}
