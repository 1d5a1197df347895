import type { ConditioningPart } from '../../../shared/schemas/run'
import { createMatrix, dot, type Matrix, normalizeInPlace, row } from '../numeric/matrix'
import { createCorpusIndex } from '../retrieval/corpus-index'
import { type CardMeans, type CardVectors, cardFeatures, constantCard } from './card-vectors'

/** What a network was told of its trained cards, ready for others to be held against. */
export interface TrainedDirections {
  readonly means: CardMeans
  readonly parts: readonly ConditioningPart[]
  /** [rows, 4d] unit rows: the features of one wording of one card less those of the constant card */
  readonly directions: Matrix
  /** [rows] whose wording it is */
  readonly cardOf: Int32Array
  /** [rows] cosine of the nearest wording of any other card: leave one card out */
  readonly usual: Float32Array
}

export interface CardNearness {
  /** [trained] of the nearest wording of each; −∞ for the card itself */
  readonly cosines: Float32Array
  /**
   * Share of the ways to say trained cards that are as far from all other cards as this card is, itself counted among them:
   * small is unlike them all. The p-value of a conformal anomaly detector (Laxhammar and Falkman 2010), so that no distance
   * was chosen by hand.
   */
  readonly p: number
}

/** Wordings whose cosines are taken at once: 256 × some thousand are a few MB. */
const BLOCK = 256

/** @param trained the wordings of each card, at least one */
export async function trainedDirections(
  trained: readonly (readonly CardVectors[])[],
  means: CardMeans,
  parts: readonly ConditioningPart[],
): Promise<TrainedDirections> {
  const directions = cardDirections(trained.flat(), means, parts)
  const cardOf = Int32Array.from(trained.flatMap((wordings, card) => wordings.map(() => card)))
  const usual = new Float32Array(directions.rows).fill(Number.NEGATIVE_INFINITY)
  const index = await createCorpusIndex({ documents: directions, ids: [] })
  try {
    for (let start = 0; start < directions.rows; start += BLOCK) {
      const count = Math.min(BLOCK, directions.rows - start)
      const { columns, data } = directions
      const block = createMatrix(count, columns, data.subarray(start * columns, (start + count) * columns))
      const cosines = await index.score(block)
      for (let i = 0; i < count; i++) {
        const own = cardOf[start + i]
        row(cosines, i).forEach((cosine, j) => {
          if (cardOf[j] !== own && cosine > usual[start + i]) usual[start + i] = cosine
        })
      }
    }
  } finally {
    await index.dispose()
  }
  return { means, parts, directions, cardOf, usual }
}

/** @param self place among the trained cards where the card is one of them, else −1 */
export function cardNearness(
  card: CardVectors,
  { means, parts, directions, cardOf, usual }: TrainedDirections,
  self = -1,
): CardNearness {
  const own = row(cardDirections([card], means, parts), 0)
  const cosines = new Float32Array((cardOf.at(-1) ?? -1) + 1).fill(Number.NEGATIVE_INFINITY)
  for (let i = 0; i < directions.rows; i++) {
    const of = cardOf[i]
    if (of !== self) cosines[of] = Math.max(cosines[of], dot(own, row(directions, i)))
  }
  const nearest = cosines.reduce((most, cosine) => Math.max(most, cosine), Number.NEGATIVE_INFINITY)
  const others = usual.filter((_, i) => cardOf[i] !== self)
  const asFar = others.filter((cosine) => cosine <= nearest).length
  return { cosines, p: (1 + asFar) / (1 + others.length) }
}

/** [cards, 4d] what the network is told of each less what it is told of the constant card, unit rows; that card itself stays zero. */
export function cardDirections(
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
