import { describe, expect, it } from 'vitest'
import { createBlockScorer } from '../../../../src/main/engine/indexes/memory/block-scorer'
import { bestHits, searchBlock } from '../../../../src/main/engine/indexes/memory/search-block'
import { createMatrix } from '../../../../src/main/engine/numeric/matrix'

const ROWS = 200
const BLOCKS = 4
const K = 100

describe('a search over blocks', () => {
  it.each([
    ['rising, so that the last block holds all of the best', (i: number) => i],
    ['falling', (i: number) => 800 - i],
    ['all the same', () => 1],
    ['in no order', (i: number) => (i * 7919) % 800],
  ])('finds what a full sort finds, scores %s', async (_, scoreOf) => {
    const scorer = await createBlockScorer(2, 1)
    const queries = createMatrix(1, 2, Float32Array.of(1, 0))
    const best = [bestHits(K)]
    const idOf = (place: number) => `d${String(place).padStart(3, '0')}`
    const all: { id: string; score: number }[] = []
    for (let block = 0; block < BLOCKS; block++) {
      const vectors = createMatrix(ROWS, 2)
      for (let row = 0; row < ROWS; row++) {
        const place = block * ROWS + row
        const score = Math.fround(scoreOf(place) / 1000)
        vectors.data[2 * row] = score
        all.push({ id: idOf(place), score })
      }
      const before = block * ROWS
      const mask = new Float32Array(ROWS)
      const at = (row: number) => idOf(before + row)
      await searchBlock(scorer, { queries, vectors, mask, idOf: at, before }, K, best)
    }
    await scorer.dispose()
    const sorted = all.sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1)).slice(0, K)
    expect(best[0].ranked()).toEqual(sorted)
  })
})
