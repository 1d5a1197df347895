import { expect } from 'vitest'
import type { IndexRow, IndexStore } from '../../../src/main/engine/indexes/index-engine'
import { type Indexed, pushDocuments } from '../../../src/main/engine/indexes/push-documents'
import type { IndexedDocument } from '../../../src/main/engine/indexes/row-key'
import {
  createMatrix,
  dot,
  type Matrix,
  normalizeInPlace,
  row,
} from '../../../src/main/engine/numeric/matrix'
import { streamFrom } from '../../../src/main/engine/numeric/random'

export const DIMENSIONS = 16

/** What a made encoder of that width says of itself. */
export function madeOf(dimensions = DIMENSIONS, fingerprint = 'one encoder'): Indexed {
  return {
    collection: { id: 'made', sha256: 'c0ffee' },
    encoder: { id: 'made-encoder', sha256: 'e0', fingerprint },
    dimensions,
  }
}

/** Unit vectors that follow from the texts: equal texts have equal vectors. */
export function encodeTexts(texts: readonly string[], dimensions = DIMENSIONS): Matrix {
  const vectors = createMatrix(texts.length, dimensions)
  texts.forEach((text, i) => {
    const words: [number, number, number, number] = [1, 2, 3, text.length]
    for (let c = 0; c < text.length; c++)
      words[c % 4] = (Math.imul(words[c % 4], 31) + text.charCodeAt(c)) | 0
    const random = streamFrom(words)
    const vector = row(vectors, i)
    for (let c = 0; c < dimensions; c++) vector[c] = random.normal()
    normalizeInPlace(vector)
  })
  return vectors
}

/** `d007`, every third of them in German. */
export function madeDocuments(count: number, text = (i: number) => `text ${i}`): IndexedDocument[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `d${String(i).padStart(3, '0')}`,
    text: text(i),
    metadata: { lang: i % 3 === 0 ? 'de' : 'en', year: 2000 + (i % 5), open: i % 2 === 0 },
  }))
}

async function* portions(documents: readonly IndexedDocument[], size = 50) {
  for (let start = 0; start < documents.length; start += size) yield documents.slice(start, start + size)
}

export function pushMade(store: IndexStore, documents: readonly IndexedDocument[], of = madeOf()) {
  return pushDocuments({
    store,
    of,
    documents: portions(documents),
    encode: async (texts) => encodeTexts(texts, of.dimensions),
    now: () => new Date(0),
  })
}

/** A store that counts the vectors that are written through it, and loses its connection after so many. */
export function watchedStore(store: IndexStore, breaksAfter = Number.POSITIVE_INFINITY) {
  const seen = { written: 0, commits: 0 }
  const watched: IndexStore = {
    ...store,
    async stage(rows: readonly IndexRow[]) {
      const part = rows.slice(0, breaksAfter - seen.written)
      if (part.length > 0) await store.stage(part)
      seen.written += part.length
      if (part.length < rows.length) throw new Error('connection lost')
    },
    async commit(manifest, gone) {
      seen.commits++
      await store.commit(manifest, gone)
    },
  }
  return { store: watched, seen }
}

/** Whether a search gives what a full sort of inner products gives, equal ones by descending id. @param among what may be found */
export async function expectExact(
  store: IndexStore,
  among: readonly IndexedDocument[],
  search: Parameters<IndexStore['search']>[1] = { k: 10 },
): Promise<void> {
  const queries = encodeTexts(['a question', 'another one', 'a third'])
  const vectors = encodeTexts(among.map(({ text }) => text))
  const found = await store.search(queries, search)
  expect(found).toHaveLength(queries.rows)
  found.forEach((hits, q) => {
    const sorted = among
      .map(({ id }, i) => ({ id, score: Math.fround(dot(row(queries, q), row(vectors, i))) }))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1))
      .slice(0, search.k)
    expect(hits.map(({ id }) => id)).toEqual(sorted.map(({ id }) => id))
    hits.forEach(({ score }, place) => {
      expect(score).toBeCloseTo(sorted[place].score, 5)
    })
  })
}
