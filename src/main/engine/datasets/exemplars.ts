import type { Example } from '../../../shared/schemas/card'
import { idHash } from '../numeric/random'
import type { Collection, Task } from './collection'

/** Exemplar pairs of a task by row: query i and a document that answers it, [k] each. */
export interface Exemplars {
  readonly queries: Int32Array
  readonly documents: Int32Array
}

/**
 * Draws exemplars from a task's train queries and nothing else (docs/method.md#protocol): the `count` queries with the smallest
 * sha1(seed + id), the highest-graded document of each. Where several documents share the highest grade, the smallest hash
 * decides among them too, which for WordNet's equal grades is "one random relevant document". In a dataset of many cards
 * the card's id is part of the hash, so that cards do not all show the same queries. A query is passed over when the corpus
 * has no relevant document for it but its own or an empty one; fewer pairs come back where train has fewer.
 */
export function drawExemplars(task: Task, count: number, seed: number): Exemplars {
  const queries: number[] = []
  const documents: number[] = []
  for (const { query, document } of exemplarPairs(task, seed)) {
    if (queries.length >= count) break
    queries.push(query)
    documents.push(document)
  }
  return { queries: Int32Array.from(queries), documents: Int32Array.from(documents) }
}

/** Every pair that can be drawn, rows of the collection, in the order in which they are drawn. */
export function* exemplarPairs(
  task: Task,
  seed: number,
): Generator<{ readonly query: number; readonly document: number }> {
  const { collection, train } = task
  const salt = collection.cards.length > 1 ? `${seed}/${task.card.id}/` : String(seed)
  const order = Array.from(train.queries, (query, at) => ({
    at,
    hash: idHash(salt, collection.queries.ids[query]),
  })).sort((a, b) => (a.hash < b.hash ? -1 : 1))
  for (const { at } of order) {
    const document = bestDocument(task, at, salt)
    if (document >= 0) yield { query: train.queries[at], document }
  }
}

/** Row of the highest-graded document of the query at a place of train, or −1. */
function bestDocument({ collection, train }: Task, at: number, salt: string): number {
  const query = train.queries[at]
  let highest = 0
  let best: number[] = []
  for (let i = train.offsets[at]; i < train.offsets[at + 1]; i++) {
    const document = train.documents[i]
    const grade = train.grades[i]
    if (grade <= 0 || grade < highest || document < 0) continue
    if (document === collection.ownDocument[query] || collection.documents.texts.at(document) === '') continue
    if (grade > highest) best = []
    highest = grade
    best.push(document)
  }
  if (best.length < 2) return best[0] ?? -1
  const queryId = collection.queries.ids[query]
  const hash = (document: number) => idHash(salt, `${queryId}\t${collection.documents.ids[document]}`)
  return best
    .map((document) => ({ document, hash: hash(document) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))[0].document
}

/** Exemplars as a card shows them. */
export function exampleTexts({ queries, documents }: Collection, drawn: Exemplars): Example[] {
  return Array.from(drawn.queries, (query, i) => ({
    query: queries.texts[query],
    document: documents.texts.at(drawn.documents[i])!,
    queryId: queries.ids[query],
    documentId: documents.ids[drawn.documents[i]],
  }))
}
