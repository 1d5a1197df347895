import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { trecRunLines } from '../../../src/main/engine/exporting/trec-run'
import { readTrecRun } from '../../../src/main/engine/reporting/read-trec'
import { rankRow } from '../../../src/main/engine/retrieval/corpus-index'
import { descendingIdOrder, topK } from '../../../src/main/engine/retrieval/top-k'

/** trec_eval's order of equal scores (test/oracle/ties.py). */
const golden: { ids: string[]; ranking: string[] }[] = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/ties.json'), 'utf8'),
)

it.each(golden)('equal scores of $ids are ordered as trec_eval orders them', async ({ ids, ranking }) => {
  const scores = new Float32Array(ids.length)
  const found = topK(scores, ids.length, descendingIdOrder(ids))
  expect(Array.from(found, (row) => ids[row])).toEqual(ranking)
  const lines = trecRunLines({ query: 'q', documents: ids, scores }, 't')
  async function* bytes() {
    yield Buffer.from(lines)
  }
  expect((await readTrecRun(bytes(), 'x.run')).rankings.get('q')!.documents).toEqual(ranking)
})

it('orders ids with white space by what stands in the run file', () => {
  // By themselves a space comes before “!”; escaped it comes after it.
  expect([...descendingIdOrder(['a b', 'a!b'])]).toEqual([0, 1])
})

it('a run file of fused scores, which are in double precision, is read in the order that was scored', async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `d${i}`)
  for (const middle of [0.5, 0, -0.25]) {
    // As float32 most are equal; d7 and d8 are so to the last bit, and among these the id orders.
    const scores = Float64Array.from(ids, (_, i) => middle - (i === 8 ? 7 : i) * 1e-12)
    const { documents, scores: written } = rankRow(scores, ids.length, descendingIdOrder(ids))
    const ranking = Array.from(documents, (row) => ids[row])
    expect(ranking.slice(6, 10)).toEqual(['d6', 'd8', 'd7', 'd9'])
    async function* bytes() {
      yield Buffer.from(trecRunLines({ query: 'q', documents: ranking, scores: written }, 't'))
    }
    expect((await readTrecRun(bytes(), 'x.run')).rankings.get('q')!.documents).toEqual(ranking)
    expect(Math.abs(written.at(-1)! - middle)).toBeLessThan(1e-5)
  }
})
