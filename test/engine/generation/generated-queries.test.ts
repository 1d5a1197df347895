import { describe, expect, it } from 'vitest'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { crossEncoderMargins, roundTripRanks } from '../../../src/main/engine/generation/consistency'
import {
  sampleDocuments,
  withGeneratedQueries,
  writtenQueries,
} from '../../../src/main/engine/generation/generated-queries'
import type { PairScorer, TextPair } from '../../../src/main/engine/teachers/pair-scorer'
import { makeCollection } from '../datasets/made-collection'

const collection = makeCollection(
  'woods',
  [
    { id: 'all', train: [[0, [[1, 1]]]], test: [[1, [[2, 1]]]] },
    { id: 'some', members: [0, 3], test: [[1, [[3, 1]]]] },
  ],
  { documents: ['oak tree', 'ash tree', 'elm  tree', 'fir tree', ' '], queries: ['an ash', 'The Elm'] },
)
const written = [
  { text: 'old oak', document: 0 },
  { text: 'tall fir', document: 3 },
  { text: 'grey ash', document: 1 },
]

describe('generated queries', () => {
  it('are written of documents that have text, the same for a seed', () => {
    expect(sampleDocuments(collection, 10, 1).sort()).toEqual([0, 1, 2, 3])
    const drawn = Array.from({ length: 12 }, (_, seed) => sampleDocuments(collection, 2, seed))
    expect(drawn.every((rows) => rows.length === 2)).toBe(true)
    expect(drawn).toEqual(Array.from({ length: 12 }, (_, seed) => sampleDocuments(collection, 2, seed)))
    expect(new Set(drawn.map(String)).size).toBeGreaterThan(1)
    expect(sampleDocuments(collection, 10, 1, (row) => row !== 2).sort()).toEqual([0, 1, 3])
  })

  it('are none that the collection asks itself, in a test least of all', () => {
    const answers = [['old oak', 'THE  elm'], ['an ash']]
    expect(writtenQueries(collection, [0, 2], answers)).toEqual([{ text: 'old oak', document: 0 }])
  })

  it('are answered by their document, of a card with members by these alone; what was judged for training is gone', () => {
    const asked = withGeneratedQueries(collection, written)
    const [all, some] = listTasks(asked)
    expect([...all.train.queries]).toEqual([2, 3, 4])
    expect([...all.train.documents]).toEqual([0, 3, 1])
    expect([...all.train.offsets]).toEqual([0, 1, 2, 3])
    expect([...all.train.grades]).toEqual([1, 1, 1])
    expect([...some.train.queries]).toEqual([2, 3])
    expect([...some.train.documents]).toEqual([0, 3])
    // A document stays in its query's ranking: finding it is what is learned.
    expect([...asked.ownDocument]).toEqual([-1, -1, -1, -1, -1])
    expect(asked.queries.texts.slice(2)).toEqual(['old oak', 'tall fir', 'grey ash'])
    expect(new Set(asked.queries.ids).size).toBe(5)
    expect(all.test).toEqual(listTasks(collection)[0].test)
    expect(asked.sha256).not.toBe(withGeneratedQueries(collection, written.slice(1)).sha256)
  })
})

const ranking = (...documents: number[]) => ({
  documents: Int32Array.from(documents),
  scores: Float32Array.from(documents, (_, i) => -i),
})
const rankings = [ranking(2, 0, 1), ranking(0, 1), ranking(1)]

describe('filters of generated queries', () => {
  it('know the place of its document among what a query finds', () => {
    expect(roundTripRanks(written, rankings)).toEqual([2, null, 1])
  })

  it('measure how far the cross-encoder puts a document above the best other one', async () => {
    const asked: TextPair[] = []
    const scorer: PairScorer = {
      id: 'lengths',
      fingerprint: '',
      async score(pairs) {
        asked.push(...pairs)
        return Float32Array.from(pairs, ([query, document]) =>
          document.includes(query.split(' ')[1]) ? 5 : document.length,
        )
      },
      async dispose() {},
    }
    const margins = await crossEncoderMargins(written, rankings, collection.documents.texts, scorer)
    // oak 5 against elm's 9 characters; fir 5 against 8; ash finds no other.
    expect(margins).toEqual([-4, -3, null])
    expect(asked).toHaveLength(7)
  })
})
