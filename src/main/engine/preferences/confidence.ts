import { type RandomStream, randomStream } from '../numeric/random'
import type { Ranking } from '../retrieval/corpus-index'
import { standardise } from './standardise'

/**
 * How far to believe a teacher that scores one document above another, by the margin in standard deviations of its list.
 * 0: as good as a coin, 1: certain. Plain data, so that a run can record it.
 */
export type Confidence =
  /** 2·σ(slope·margin) − 1: twice the probability of being right, less the coin's half (Platt 1999), slope fitted on dev. */
  | { readonly kind: 'logistic'; readonly slope: number; readonly pairs: number }
  /** Share of the teacher's own margins that are smaller; ascending. For want of judgments to fit on. */
  | { readonly kind: 'percentile'; readonly margins: readonly number[] }

export function confidenceOf(confidence: Confidence, margin: number): number {
  if (!(margin > 0)) return 0
  if (confidence.kind === 'logistic') return Math.tanh((Math.max(0, confidence.slope) * margin) / 2)
  const { margins } = confidence
  if (margins.length === 0) return 0
  let low = 0
  let high = margins.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (margins[middle] <= margin) low = middle + 1
    else high = middle
  }
  return low / margins.length
}

/** Fewer judged pairs than this say nothing about a slope. */
const FEWEST_PAIRS = 50
/** Pairs of one query beyond this add only its own peculiarities. */
const MOST_PAIRS = 200
const PERCENTILES = 100

export interface CalibrationMaterial {
  /** The teacher's rankings of queries with judgments, not of those that are trained. */
  readonly rankings: readonly Ranking[]
  /** Relevant documents of the same queries. */
  readonly relevant: readonly ReadonlySet<number>[]
}

/**
 * Calibrates a teacher: on dev judgments where they hold enough pairs of a relevant and another document in one list, else
 * by the percentiles of the margins in its own lists. Confidences that are clamped, or read off reciprocal ranks, hardly
 * vary and weigh nothing.
 * @param rankings the lists that will be learned from
 */
export function calibrate(
  rankings: readonly Ranking[],
  dev: CalibrationMaterial | null,
  seed: number,
): Confidence {
  const judged = dev ? judgedMargins(dev, randomStream(seed, 'calibration')) : []
  if (judged.length >= FEWEST_PAIRS)
    return { kind: 'logistic', slope: fitSlope(judged), pairs: judged.length }
  return { kind: 'percentile', margins: marginPercentiles(rankings, randomStream(seed, 'margins')) }
}

/** Score of the relevant document minus that of the other: negative where the teacher is wrong. */
function judgedMargins({ rankings, relevant }: CalibrationMaterial, random: RandomStream): number[] {
  const margins: number[] = []
  rankings.forEach((ranking, i) => {
    const scores = standardise(ranking.scores)
    const good: number[] = []
    const other: number[] = []
    ranking.documents.forEach((document, place) => {
      if (relevant[i].has(document)) good.push(place)
      else other.push(place)
    })
    if (good.length * other.length <= MOST_PAIRS) {
      for (const a of good) for (const b of other) margins.push(scores[a] - scores[b])
      return
    }
    for (let k = 0; k < MOST_PAIRS; k++)
      margins.push(scores[good[random.integer(good.length)]] - scores[other[random.integer(other.length)]])
  })
  return margins
}

/**
 * Maximum likelihood of P(right | margin) = σ(a·|margin|) by Newton's method: no intercept, since a margin of 0 must mean a
 * coin. With signed margins m the log-likelihood is Σ log σ(a·m), concave in a; its ridge keeps a perfect teacher's
 * slope finite.
 */
function fitSlope(margins: readonly number[]): number {
  const ridge = 1e-3 * margins.length
  let slope = 0
  for (let iteration = 0; iteration < 50; iteration++) {
    let gradient = -ridge * slope
    let curvature = ridge
    for (const margin of margins) {
      const wrong = 1 / (1 + Math.exp(slope * margin))
      gradient += margin * wrong
      curvature += margin * margin * wrong * (1 - wrong)
    }
    const move = gradient / curvature
    slope += move
    if (Math.abs(move) < 1e-9) break
  }
  return slope
}

function marginPercentiles(rankings: readonly Ranking[], random: RandomStream): number[] {
  const margins: number[] = []
  for (const { scores } of rankings) {
    if (scores.length < 2) continue
    const standard = standardise(scores)
    for (let k = 0; k < 32; k++) {
      const margin = Math.abs(
        standard[random.integer(standard.length)] - standard[random.integer(standard.length)],
      )
      if (margin > 0) margins.push(margin)
    }
  }
  margins.sort((a, b) => a - b)
  if (margins.length <= PERCENTILES) return margins
  return Array.from(
    { length: PERCENTILES },
    (_, k) => margins[Math.floor((k * margins.length) / PERCENTILES)],
  )
}
