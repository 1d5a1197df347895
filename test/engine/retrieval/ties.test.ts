import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { trecRunLines } from '../../../src/main/engine/exporting/trec-run'
import { readTrecRun } from '../../../src/main/engine/reporting/read-trec'
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
