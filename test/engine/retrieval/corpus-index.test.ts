import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dot, row } from '../../../src/main/engine/numeric/matrix'
import { createCorpusIndex, rankRow } from '../../../src/main/engine/retrieval/corpus-index'
import { descendingIdOrder, topK } from '../../../src/main/engine/retrieval/top-k'
import { unitRows } from '../tiny-task'

describe('topK', () => {
  it('is a full sort by score, then by descending id', () => {
    const scores = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 70 }), (values, k) => {
        const ids = values.map((_, i) => `d${(i * 7919) % 101}-${i}`)
        const sorted = values
          .map((score, i) => ({ score, i }))
          .sort((a, b) => b.score - a.score || (ids[a.i] > ids[b.i] ? -1 : 1))
          .slice(0, k)
          .map(({ i }) => i)
        expect([...topK(Float32Array.from(values), k, descendingIdOrder(ids))]).toEqual(sorted)
      }),
    )
  })
})

describe('a corpus index', () => {
  const documents = unitRows(300, 32, 1)
  const ids = Array.from({ length: 300 }, (_, i) => `d${String(i).padStart(3, '0')}`)

  it('ranks by exact inner product, without what is excluded', async () => {
    const index = await createCorpusIndex({ documents, ids })
    const queries = unitRows(5, 32, 2)
    const rankings = await index.rank(queries, { depth: 20, excluded: (query) => [query, -1, query] })
    await index.dispose()
    rankings.forEach((ranking, q) => {
      const expected = ids
        .map((_, i) => ({ i, score: dot(row(queries, q), row(documents, i)) }))
        .filter(({ i }) => i !== q)
        .sort((a, b) => b.score - a.score)
        .slice(0, 20)
      expect([...ranking.documents]).toEqual(expected.map(({ i }) => i))
      ranking.scores.forEach((score, i) => {
        expect(score).toBeCloseTo(expected[i].score, 5)
      })
    })
  })

  it('returns all that is left where fewer documents than the depth are', () => {
    const ranking = rankRow(Float32Array.from([0.1, 0.3, 0.2]), 10, Int32Array.from([2, 1, 0]), [1])
    expect([...ranking.documents]).toEqual([2, 0])
  })
})
