import type { ConditioningPart } from '../../../shared/schemas/run'
import { createMatrix, dot, type Matrix, normalizeInPlace, row } from '../numeric/matrix'
import { type CardMeans, type CardVectors, cardFeatures, constantCard } from './card-vectors'

/** What a network is told of its trained cards, ready for others to be held against. */
export interface TrainedDirections {
  readonly means: CardMeans
  readonly parts: readonly ConditioningPart[]
  /** [trained, 4d] unit rows: the features of each card less those of the constant card */
  readonly directions: Matrix
  /** [trained] cosine of the nearest other trained card: leave one out */
  readonly usual: Float32Array
}

export interface CardNearness {
  /** [trained]; −∞ for the card itself */
  readonly cosines: Float32Array
  /**
   * Share of the trained cards that are as far from all others as this one is, itself counted among them: small is unlike
   * them all. The p-value of a conformal anomaly detector (Laxhammar and Falkman 2010), so no threshold was chosen by hand.
   */
  readonly p: number
}

export function trainedDirections(
  trained: readonly CardVectors[],
  means: CardMeans,
  parts: readonly ConditioningPart[],
): TrainedDirections {
  const directions = centredDirections(trained, means, parts)
  const usual = new Float32Array(trained.length).fill(Number.NEGATIVE_INFINITY)
  for (let i = 0; i < trained.length; i++) {
    for (let j = 0; j < i; j++) {
      const cosine = dot(row(directions, i), row(directions, j))
      usual[i] = Math.max(usual[i], cosine)
      usual[j] = Math.max(usual[j], cosine)
    }
  }
  return { means, parts, directions, usual }
}

/** @param self place among the trained cards where the card is one of them, else −1 */
export function cardNearness(
  card: CardVectors,
  { means, parts, directions, usual }: TrainedDirections,
  self = -1,
): CardNearness {
  const own = row(centredDirections([card], means, parts), 0)
  const cosines = Float32Array.from({ length: directions.rows }, (_, i) =>
    i === self ? Number.NEGATIVE_INFINITY : dot(own, row(directions, i)),
  )
  const nearest = cosines.reduce((most, cosine) => Math.max(most, cosine), Number.NEGATIVE_INFINITY)
  const others = usual.filter((_, i) => i !== self)
  const asFar = others.filter((cosine) => cosine <= nearest).length
  return { cosines, p: (1 + asFar) / (1 + others.length) }
}

/** A card that is the constant card has no direction and stays zero. */
function centredDirections(
  cards: readonly CardVectors[],
  means: CardMeans,
  parts: readonly ConditioningPart[],
): Matrix {
  const all = [constantCard(means), ...cards]
  const { features } = cardFeatures(
    all,
    all.map(() => means),
    parts,
  )
  const centre = row(features, 0)
  const out = createMatrix(cards.length, features.columns)
  for (let i = 0; i < cards.length; i++) {
    const direction = row(out, i)
    const own = row(features, i + 1)
    for (let c = 0; c < direction.length; c++) direction[c] = own[c] - centre[c]
    normalizeInPlace(direction)
  }
  return out
}
