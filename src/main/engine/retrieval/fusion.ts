import type { Normalisation } from '../../../shared/normalisation'
import type { Ranking } from './corpus-index'
import type { Scores } from './top-k'
import { unionFusion } from './union-fusion'

/**
 * Scales on which a row of scores stands for itself, whatever it is fused with. `z-score`: (s − mean) / deviation;
 * `corpus-min-max`: (s − min) / (max − min) over the corpus; `rrf`: 1 / (k + rank), which forgets the scores.
 * @internal
 */
export const ROW_SCALES = ['z-score', 'corpus-min-max', 'rrf'] as const
export type RowScale = (typeof ROW_SCALES)[number]

/**
 * One query's systems, ready to be added with any weights ≥ 0, one a system, in their order. The row belongs to the fusion:
 * the next call may overwrite it.
 */
export type Fusion = (weights: readonly number[]) => Scores

/**
 * @param rows [systems] of [documents], raw scores; −∞ is a document that may not be found
 * @param tieOrder [documents] place of each among the ids in descending order
 */
export function fusionOf(
  rows: readonly Float32Array[],
  { normalisation, tieOrder }: { readonly normalisation: Normalisation; readonly tieOrder: Int32Array },
): Fusion {
  return normalisation === 'min-max'
    ? unionFusion(rows, tieOrder)
    : sumOf(rows.map((scores) => zScores(scores)))
}

/** Rows that are on one scale already. @param rows [systems] of [documents] */
export function sumOf(rows: readonly Float32Array[]): Fusion {
  const out = new Float32Array(rows[0].length)
  return (weights) => fuse(rows, weights, out)
}

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
 * @internal
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
  scale: RowScale,
  k = RRF_K,
): Float32Array {
  const row = new Float32Array(corpusSize)
  if (documents.length === 0) return row
  const values =
    scale === 'rrf'
      ? Float32Array.from(documents, (_, place) => 1 / (k + place + 1))
      : scale === 'z-score'
        ? zScores(scores)
        : minMaxScores(scores)
  if (scale !== 'rrf') row.fill(values.reduce((low, value) => Math.min(low, value)))
  for (let place = 0; place < documents.length; place++) row[documents[place]] = values[place]
  return row
}

/** A list's scores as they are, over the whole corpus; a document that it lacks stands where its last one does. */
export function rawListScores({ documents, scores }: Ranking, corpusSize: number): Float32Array {
  const row = new Float32Array(corpusSize)
  row.fill(scores.reduce((low, score) => Math.min(low, score), documents.length > 0 ? scores[0] : 0))
  for (let place = 0; place < documents.length; place++) row[documents[place]] = scores[place]
  return row
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
