import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { trecRunLines } from '../../../src/main/engine/exporting/trec-run'
import { parseMeasure } from '../../../src/main/engine/measures'
import { readTrecRun } from '../../../src/main/engine/reporting/read-trec'
import { scoreRankings } from '../../../src/main/engine/reporting/score-rankings'
import { HydraError } from '../../../src/shared/errors'

async function* chunks(content: string | Uint8Array): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content)
  for (let at = 0; at < bytes.length; at += 37) yield bytes.subarray(at, at + 37)
}
const run = (content: string | Uint8Array) => readTrecRun(chunks(content), 'x.run')

describe('a run file', () => {
  it('is ordered by score, ties by descending id, whatever its ranks and lines say', async () => {
    const lines = ['q Q0 b 1 1 t', 'q Q0 c 2 1.0 t', 'q\tQ0\ta  3 2e0 t']
    const read = await run(`${lines.join('\r\n')}\n\n`)
    expect(read.rankings.get('q')!.documents).toEqual(['a', 'c', 'b'])
    expect(await run(lines.toReversed().join('\n'))).toEqual(read)
  })

  it('survives being written and read', async () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[a-z0-9|_-]{1,8}$/), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(ids, fc.integer({ min: 0, max: 5 }), async (documents, levels) => {
        const scores = Float32Array.from(documents, (_, i) => Math.fround(1 / (1 + (i % (levels + 1)))))
        const order = documents.map((id, i) => ({ id, score: scores[i] }))
        order.sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1))
        const sorted = { documents: order.map(({ id }) => id), scores: order.map(({ score }) => score) }
        const read = await run(trecRunLines({ query: 'q', ...sorted }, 'tag'))
        expect(read.tag).toBe('tag')
        expect(read.rankings.get('q')).toEqual(sorted)
      }),
    )
  })
})

describe('1,000 damaged run files', () => {
  const good = 'q1 Q0 d1 1 0.5 t\nq1 Q0 d2 2 0.25 t\nq2 Q0 d1 1 3 t\n'
  it('are read, or refused with the line', async () => {
    let refused = 0
    const damage = fc.array(
      fc.record({ at: fc.nat(good.length), cut: fc.nat(9), put: fc.uint8Array({ maxLength: 6 }) }),
      { minLength: 1, maxLength: 5 },
    )
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        let bytes = Buffer.from(good)
        for (const { at, cut, put } of changes)
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)])
        try {
          await run(bytes)
        } catch (error) {
          refused++
          expect(error).toBeInstanceOf(HydraError)
          expect((error as HydraError).detail.where).toMatch(/^x\.run:\d+$/)
        }
      }),
      { numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(500)
  })
})

it.each([
  ['q Q0 d 1 0.5\n', 'x.run:1'],
  ['q Q0 d 1 0.5 t\nq Q0 d 2 0.4 t\n', 'x.run:2'],
  ['q Q0 d 1 nan t\n', 'x.run:1'],
  ['q Q0 d 1 0x10 t\n', 'x.run:1'],
  ['q Q0 d 1 Infinity t\n', 'x.run:1'],
  ['q Q0 d 1 1e39 t\n', 'x.run:1'],
  ['', 'x.run:1'],
])('refuses the run %j', async (text, where) => {
  await expect(run(text)).rejects.toMatchObject({ code: 'FILE_INVALID', detail: { where } })
})

it('scores as trec_eval -c: a missing query 0, one without a relevant document not at all', () => {
  const grades = new Map([
    ['found', new Map([['d', 1]])],
    ['missing', new Map([['d', 1]])],
    ['nothing', new Map([['d', 0]])],
  ])
  const scores = scoreRankings(
    new Map([
      ['found', ['d']],
      ['unjudged', ['d']],
    ]),
    grades,
    [parseMeasure('RR@10')],
    1000,
  )
  expect(Object.fromEntries(scores)).toEqual({ found: { 'RR@10': 1 }, missing: { 'RR@10': 0 } })
})

it('looks no deeper into anybody’s ranking than into our own', () => {
  const ranking = Array.from({ length: 150 }, (_, i) => `d${i}`)
  const grades = new Map([['q', new Map([['d120', 1]])]])
  const at = (depth: number) =>
    scoreRankings(new Map([['q', ranking]]), grades, [parseMeasure('RR')], depth).get('q')!.RR
  expect(at(100)).toBe(0)
  expect(at(150)).toBeCloseTo(1 / 121, 12)
})
