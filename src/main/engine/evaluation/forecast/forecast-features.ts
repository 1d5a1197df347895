import type { ConditioningPart } from '../../../../shared/schemas/run'
import type { CardMeans, CardVectors } from '../../hypernet/card-vectors'
import { cardDirections } from '../../hypernet/nearest-cards'
import { dot, type Matrix, normalizeInPlace, row } from '../../numeric/matrix'
import type { EncodedTask } from '../../preferences/encoded-collection'
import { showCard } from '../shown-card'

/** What a forecast looks at, in the order of its features; no judgment of the card's own corpus is among them. */
export const FORECAST_FEATURES = [
  'cosine of the nearest trained card',
  'log2(1 + trained cards of its family)',
  'log2(1 + examples)',
  'log10(documents)',
  'length of the mean document',
  'cosine of the description and its nearest documents',
] as const

/** Trained cards as the network is told of them, each in its plain words. */
export interface TrainedPlain {
  readonly means: CardMeans
  readonly parts: readonly ConditioningPart[]
  /** [cards, 4d] unit rows */
  readonly directions: Matrix
}

/** @param tasks trained ones that compare with the card: all on its corpus, or all where cards know theirs */
export function trainedPlain(
  tasks: readonly EncodedTask[],
  options: {
    readonly examples: number
    readonly means: CardMeans
    readonly parts: readonly ConditioningPart[]
    readonly seed: number
    readonly feedbackWeight: number
  },
): TrainedPlain {
  const { examples, means, parts, seed, feedbackWeight } = options
  const cards = tasks.map((task) => showCard(task, examples, seed, feedbackWeight).vectors)
  return { means, parts, directions: cardDirections(cards, means, parts) }
}

export interface ForecastSubject {
  readonly vectors: CardVectors
  readonly examples: number
  /** [d] mean of the corpus documents nearest to the description */
  readonly nearest: Float32Array
  /** [d] of the corpus */
  readonly documentMean: Float32Array
  readonly documents: number
  /** Trained cards of its family, its own corpus where that is of none. */
  readonly relatives: number
}

/** [features] */
export function forecastFeatures(subject: ForecastSubject, trained: TrainedPlain): number[] {
  const { vectors, examples, nearest, documentMean, documents, relatives } = subject
  const own = row(cardDirections([vectors], trained.means, trained.parts), 0)
  let cosine = -1
  for (let i = 0; i < trained.directions.rows; i++)
    cosine = Math.max(cosine, dot(own, row(trained.directions, i)))
  return [
    cosine,
    Math.log2(1 + relatives),
    Math.log2(1 + examples),
    Math.log10(documents),
    Math.sqrt(dot(documentMean, documentMean)),
    dot(normalizeInPlace(vectors.description.slice()), normalizeInPlace(nearest.slice())),
  ]
}
