import { type ConditioningPart, USUAL_PARTS } from '../../../shared/schemas/run'
import type { Matrix } from '../numeric/matrix'
import { createMatrix } from '../numeric/matrix'

/** A card as the frozen encoder sees it, each part [dimensions]. A part that the card lacks is its reference mean. */
export interface CardVectors {
  /** e(description) */
  readonly description: Float32Array
  /** mean e(example queries) */
  readonly queries: Float32Array
  /** mean e(example documents) */
  readonly documents: Float32Array
  /** mean document of the corpus that is searched; the constant card has none */
  readonly corpus?: Float32Array
  /** Id of its task. Only the generator `task-id` looks at it; without one, or with one that was not trained, it is unknown. */
  readonly id?: string
  /** The one expert that makes its head: in training and for controls. Only the generator `experts` looks at it; without it the gates choose. */
  readonly expert?: string
}

/**
 * What cards are centred on: the mean description of the trained tasks, and of the corpus that is searched the mean
 * train query and the mean document, so that the centred parts of a description-only card are zero. Where a card knows its
 * corpus (conditioning part `corpus`) both are means over the trained corpora, and the documents of such a card tell which
 * corpus it is.
 */
export interface CardMeans {
  readonly description: Float32Array
  readonly queries: Float32Array
  readonly documents: Float32Array
}

/** The network's inputs for T cards. */
export interface CardFeatures {
  /** [T, 4d]: description; queries; documents; 3·(documents − queries). Exemplars are pairs, so the difference of the means is the mean difference. */
  readonly features: Matrix
  /** [T, d] each, centred. */
  readonly description: Matrix
  readonly queries: Matrix
  readonly documents: Matrix
  /** [T] */
  readonly ids: readonly (string | undefined)[]
  readonly experts: readonly (string | undefined)[]
}

/**
 * The difference of document and query is small beside the parts; this factor brings it to their scale
 * (docs/method.md#card-features).
 */
const DIFFERENCE_SCALE = 3

/** The constant card of the `no card` control: every part at its mean, so every centred part is zero. */
export function constantCard(means: CardMeans): CardVectors {
  return { description: means.description, queries: means.queries, documents: means.documents }
}

/**
 * A card that shows no example. Its documents part is pseudo-relevance feedback (Rocchio 1971; Lavrenko & Croft 2001): the
 * corpus documents nearest to the description, unjudged, drawn towards the corpus mean since many of them are wrong.
 * @param nearest [d] mean of these documents  @param corpus the mean query that cards are centred on, and the corpus's own mean
 * document  @param weight 0 leaves the part at the latter
 */
export function descriptionOnly(
  description: Float32Array,
  nearest: Float32Array,
  corpus: Pick<CardMeans, 'queries' | 'documents'>,
  weight: number,
): CardVectors {
  const documents = corpus.documents.map((mean, i) => mean + weight * (nearest[i] - mean))
  return { description, queries: corpus.queries, documents, corpus: corpus.documents }
}

/** Which vector of a card stands in each place of the features; null: its mean, whatever the card. */
export interface SeenVectors {
  readonly description: 'description' | null
  readonly queries: 'queries' | null
  readonly documents: 'documents' | 'corpus' | null
  /** Factor of documents − queries; 0: left out. */
  readonly difference: number
}

/** What a network that may look at these parts is shown. */
export function seenVectors(parts: readonly ConditioningPart[]): SeenVectors {
  const seen = <Part extends 'description' | 'queries' | 'documents'>(part: Part) =>
    parts.includes(part) ? part : null
  return {
    description: seen('description'),
    queries: seen('queries'),
    documents: seen('documents') ?? (parts.includes('corpus') ? 'corpus' : null),
    difference: parts.includes('difference') ? DIFFERENCE_SCALE : 0,
  }
}

/**
 * @param parts what the network may look at. A vector left out stands at its mean, the difference left out at zero.
 * Domain and query type are words of the description's text (shared/card.ts) and have no vector here.
 */
export function cardFeatures(
  cards: readonly CardVectors[],
  means: readonly CardMeans[],
  parts: readonly ConditioningPart[] = USUAL_PARTS,
): CardFeatures {
  const d = cards[0].description.length
  const features = createMatrix(cards.length, 4 * d)
  const description = createMatrix(cards.length, d)
  const queries = createMatrix(cards.length, d)
  const documents = createMatrix(cards.length, d)
  const places = seenVectors(parts)
  const { difference } = places
  for (let t = 0; t < cards.length; t++) {
    const card = cards[t]
    const mean = means[t]
    const seen = (part: 'description' | 'queries' | 'documents') => {
      const place = places[part]
      // The constant card has no corpus.
      return (place && card[place]) || mean[part]
    }
    const [seenDescription, seenQueries, seenDocuments] = [
      seen('description'),
      seen('queries'),
      seen('documents'),
    ]
    const out = t * 4 * d
    for (let i = 0; i < d; i++) {
      features.data[out + i] = seenDescription[i]
      features.data[out + d + i] = seenQueries[i]
      features.data[out + 2 * d + i] = seenDocuments[i]
      features.data[out + 3 * d + i] = difference * (card.documents[i] - card.queries[i])
      description.data[t * d + i] = seenDescription[i] - mean.description[i]
      queries.data[t * d + i] = seenQueries[i] - mean.queries[i]
      documents.data[t * d + i] = seenDocuments[i] - mean.documents[i]
    }
  }
  return {
    features,
    description,
    queries,
    documents,
    ids: cards.map(({ id }) => id),
    experts: cards.map(({ expert }) => expert),
  }
}
