import type { Collection, Judgments } from '../../src/main/engine/datasets/collection'
import { protocolOf } from '../../src/main/engine/datasets/protocol'
import { listTasks } from '../../src/main/engine/datasets/tasks'
import {
  createMatrix,
  type Matrix,
  meanRow,
  normalizeInPlace,
  row,
} from '../../src/main/engine/numeric/matrix'
import { randomStream } from '../../src/main/engine/numeric/random'
import type { EncodedCollection, EncodedTask } from '../../src/main/engine/preferences/encoded-collection'

/** (query, document, grade) triples as judgments. */
export function judge(triples: readonly (readonly [number, number, number])[]): Judgments {
  const queries = [...new Set(triples.map(([query]) => query))].sort((a, b) => a - b)
  const grouped = queries.map((query) => triples.filter(([q]) => q === query))
  const offsets = [0]
  for (const group of grouped) offsets.push(offsets[offsets.length - 1] + group.length)
  return {
    queries: Int32Array.from(queries),
    offsets: Int32Array.from(offsets),
    documents: Int32Array.from(grouped.flat(), ([, document]) => document),
    grades: Float32Array.from(grouped.flat(), ([, , grade]) => grade),
  }
}

export function unitRows(rows: number, columns: number, seed: number): Matrix {
  const random = randomStream(seed, 'vectors')
  const matrix = createMatrix(rows, columns)
  for (let i = 0; i < rows; i++) {
    const vector = row(matrix, i)
    for (let c = 0; c < columns; c++) vector[c] = random.normal()
    normalizeInPlace(vector)
  }
  return matrix
}

export interface TinyCard {
  readonly id: string
  readonly train: Judgments
  readonly dev: Judgments
  readonly test: Judgments
}

/** A collection of random vectors with the given cards; several cards hide what they show, one does not. */
export function tinyTasks(options: {
  readonly documents: number
  readonly queries: number
  readonly dimensions: number
  readonly cards: readonly TinyCard[]
  readonly ownDocument?: (query: number) => number
  readonly seed?: number
  readonly id?: string
  readonly family?: string
}): EncodedTask[] {
  const { documents, queries, dimensions, cards, seed = 1, id = 'tiny', family } = options
  const texts = (prefix: string, count: number) => {
    const names = Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`)
    return { ids: names, texts: names }
  }
  const collection: Collection = {
    id,
    family,
    title: 'Tiny',
    sha256: '0',
    exclude: 'none',
    protocol: protocolOf({ cards: cards.length }),
    documents: texts('d', documents),
    queries: texts('q', queries),
    ownDocument: Int32Array.from({ length: queries }, (_, query) => options.ownDocument?.(query) ?? -1),
    cards: cards.map(({ id }) => ({
      card: { version: 1, id, name: id, description: `find ${id}`, examples: [] },
      members: null,
    })),
    judgments: new Map(
      cards.map(({ id, train, dev, test }) => [id, new Map(Object.entries({ train, dev, test }))]),
    ),
  }
  const documentVectors = unitRows(documents, dimensions, seed)
  const queryVectors = unitRows(queries, dimensions, seed + 1)
  const [documentMean, queryMean] = [meanRow(documentVectors), meanRow(queryVectors)]
  const encoded: EncodedCollection = {
    collection,
    documents: documentVectors,
    queries: queryVectors,
    documentMean,
    queryMean,
    centre: { queries: queryMean, documents: documentMean },
  }
  const descriptions = unitRows(cards.length, dimensions, seed + 2)
  return listTasks(collection).map((task, i) => ({
    task,
    encoded,
    description: row(descriptions, i),
    nearest: row(documentVectors, i),
    wordingsNearest: createMatrix(1, dimensions, row(documentVectors, i)),
    wordings: createMatrix(1, dimensions, row(descriptions, i)),
  }))
}
