import { createHash } from 'node:crypto'
import type { Collection, Judgments } from '../datasets/collection'
import { randomStream, shuffled } from '../numeric/random'

export interface PseudoQuery {
  readonly text: string
  /** Corpus row that it was taken from. */
  readonly document: number
}

export interface PseudoQueryOptions {
  readonly count: number
  readonly seed: number
}

/** Shorter texts, such as a heading, ask nothing in particular. */
const FEWEST_WORDS = 3
/** Longer ones are no longer like a query. */
const MOST_WORDS = 64
/** Beginning of a document in which sentences are looked for, in UTF-16 units. */
const LOOKED_AT = 4000

/**
 * Queries for a collection that has none to train with, made of its documents' titles, else first sentences: what
 * inverse cloze tasks (Lee et al. 2019) and title–body pairs train on. Documents are taken in random order, each text once, and none that
 * is a query of the collection.
 */
export function pseudoQueries(collection: Collection, options: PseudoQueryOptions): PseudoQuery[] {
  const { count, seed } = options
  const random = randomStream(seed, 'pseudo-queries')
  const known = new Set(collection.queries.texts)
  const { documents } = collection
  const order = shuffled(
    Array.from({ length: documents.ids.length }, (_, document) => document),
    random,
  )
  const made: PseudoQuery[] = []
  for (const document of order) {
    if (made.length >= count) break
    const title = documents.titles?.at(document) ?? ''
    const body = documents.texts.at(document)!.slice(title.length).trim()
    const asks = (text: string | undefined) => text !== undefined && asksSomething(text) && !known.has(text)
    const text = [title, sentencesOf(body)[0]].find(asks)
    if (text === undefined) continue
    known.add(text)
    made.push({ text, document })
  }
  return made
}

function sentencesOf(text: string): string[] {
  const segments = new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text.slice(0, LOOKED_AT))
  return Array.from(segments, ({ segment }) => segment.trim()).filter(asksSomething)
}

function asksSomething(text: string): boolean {
  const words = text.split(/\s+/).length
  return words >= FEWEST_WORDS && words <= MOST_WORDS
}

/**
 * The collection with these queries behind its own, as the train split of every card: nothing of them is judged, and what was
 * judged for training is gone. The document that gave a query leaves its ranking, since every system would find it first.
 */
export function withPseudoQueries(collection: Collection, made: readonly PseudoQuery[]): Collection {
  const { queries, documents, ownDocument } = collection
  const first = queries.ids.length
  const train = unjudged(Int32Array.from(made, (_, i) => first + i))
  const judgments = new Map(
    collection.cards.map(({ card }) => {
      const splits = collection.judgments.get(card.id) ?? new Map<string, Judgments>()
      return [card.id, new Map([...splits, ['train', train] as const])] as const
    }),
  )
  const hash = createHash('sha256').update(JSON.stringify([collection.sha256, made]))
  return {
    ...collection,
    sha256: hash.digest('hex'),
    queries: {
      ids: [...queries.ids, ...made.map(({ document }) => `pseudo:${documents.ids[document]}`)],
      texts: [...queries.texts, ...made.map(({ text }) => text)],
    },
    ownDocument: Int32Array.from([...ownDocument, ...made.map(({ document }) => document)]),
    judgments,
  }
}

/** A split of queries of which nothing is judged: what a teacher other than judgments learns from. @internal */
export function unjudged(queries: Int32Array): Judgments {
  return {
    queries,
    offsets: new Int32Array(queries.length + 1),
    documents: new Int32Array(0),
    grades: new Float32Array(0),
  }
}
