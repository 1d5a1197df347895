import { createHash } from 'node:crypto'
import type { Collection, DatasetCard, Judgments } from '../datasets/collection'
import { randomStream, shuffled } from '../numeric/random'

/** A query that was written of a document. */
export interface WrittenQuery {
  readonly text: string
  /** Corpus row. */
  readonly document: number
}

/**
 * Rows of the documents of which queries are written, in random order; those without text are left out.
 * @param wanted which rows may be among them
 */
export function sampleDocuments(
  collection: Collection,
  count: number,
  seed: number,
  wanted: (document: number) => boolean = () => true,
): number[] {
  const { ids, texts } = collection.documents
  const order = shuffled(
    Array.from({ length: ids.length }, (_, document) => document),
    randomStream(seed, 'generated queries'),
  )
  const chosen: number[] = []
  for (const document of order) {
    if (chosen.length >= count) break
    if (wanted(document) && texts.at(document)!.trim() !== '') chosen.push(document)
  }
  return chosen
}

/**
 * What was written, as queries of the collection: none that it has itself, in training or in any test.
 * @param written queries of each of the documents
 */
export function writtenQueries(
  collection: Collection,
  documents: readonly number[],
  written: readonly (readonly string[])[],
): WrittenQuery[] {
  const known = new Set(collection.queries.texts.map(comparable))
  return documents.flatMap((document, i) =>
    written[i].filter((text) => !known.has(comparable(text))).map((text) => ({ text, document })),
  )
}

/** Texts that differ in case and spaces ask the same. */
function comparable(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim()
}

/**
 * The collection with these queries behind its own, as the train split of every card: each is answered by the document that it was
 * written of, and what was judged for training is gone. A card that stands for a set of documents has those that were
 * written of one of them. The document stays in its query's ranking, since finding it is what is learned.
 */
export function withGeneratedQueries(collection: Collection, made: readonly WrittenQuery[]): Collection {
  const { queries, ownDocument, documents } = collection
  const first = queries.ids.length
  const judgments = new Map(
    collection.cards.map((card) => {
      const splits = collection.judgments.get(card.card.id) ?? new Map<string, Judgments>()
      return [card.card.id, new Map([...splits, ['train', answered(made, first, card)] as const])] as const
    }),
  )
  const hash = createHash('sha256').update(JSON.stringify([collection.sha256, 'generated', made]))
  return {
    ...collection,
    sha256: hash.digest('hex'),
    queries: {
      ids: [...queries.ids, ...made.map(({ document }, i) => `generated:${i}:${documents.ids[document]}`)],
      texts: [...queries.texts, ...made.map(({ text }) => text)],
    },
    ownDocument: Int32Array.from([...ownDocument, ...made.map(() => -1)]),
    judgments,
  }
}

function answered(made: readonly WrittenQuery[], first: number, { members }: DatasetCard): Judgments {
  const within = members && new Set(members)
  const rows = made.flatMap(({ document }, i) => (within && !within.has(document) ? [] : [i]))
  return {
    queries: Int32Array.from(rows, (i) => first + i),
    offsets: Int32Array.from({ length: rows.length + 1 }, (_, i) => i),
    documents: Int32Array.from(rows, (i) => made[i].document),
    grades: new Float32Array(rows.length).fill(1),
  }
}
