import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sweepTables } from '../../../src/main/engine/reporting/sweep-tables'
import type { Verdict } from '../../../src/shared/schemas/verdict'
import { madeDifference, madeRow, madeVerdict, plain } from '../../made-verdict'

interface Spread {
  readonly n: number
  readonly mean: number
  readonly sd: number | null
}
interface Golden {
  readonly points: readonly {
    readonly runs: readonly {
      readonly scores: Readonly<Record<string, number>>
      readonly lead: number | null
    }[]
    readonly systems: Readonly<Record<string, Spread>>
    readonly lead: Spread
  }[]
}
/** test/oracle/sweep.py */
const golden: Golden = JSON.parse(readFileSync(new URL('../../fixtures/sweep.json', import.meta.url), 'utf8'))

function verdictOf({ scores, lead }: Golden['points'][number]['runs'][number]): Verdict {
  const control = scores.frozen > scores['no card'] ? 'frozen' : 'no card'
  const mean = (value: number) => ({ 'nDCG@10': { value, low: value, high: value } })
  const row = (name: string) => madeRow({ row: name, mean: mean(scores[name]) })
  return madeVerdict({
    rows: [
      ...Object.keys(scores).map(row),
      // Fused rows stand beside the others and lead nothing.
      madeRow({ row: 'frozen', bm25: true, mean: mean(0.9) }),
      madeRow({ row: 'frozen', cards: 'seen', examples: 4, mean: mean(0.1) }),
    ],
    differences:
      lead === null
        ? []
        : [
            madeDifference({ best: true, b: plain(control), delta: lead }),
            madeDifference({ best: false, b: plain('frozen'), delta: 7 }),
            madeDifference({ best: true, a: { row: 'task card', bm25: true }, delta: 8 }),
          ],
  })
}

const tables = sweepTables(golden.points.map(({ runs }) => runs.map(verdictOf)))

it('has the mean and deviation of every system and of the lead, as scipy has them', () => {
  const [unseen] = tables
  expect(unseen).toMatchObject({ cards: 'unseen', examples: 0 })
  expect(unseen.rows.map(({ point, n }) => [point, n])).toEqual([
    [0, 3],
    [1, 4],
    [2, 1],
  ])
  golden.points.forEach((point, i) => {
    const { systems, leads } = unseen.rows[i]
    for (const [name, expected] of Object.entries(point.systems)) {
      const found = systems.find(({ row, bm25 }) => row === name && !bm25)!.measures['nDCG@10']
      near(found, expected)
    }
    near(leads['nDCG@10'], point.lead)
    expect(leads['nDCG@10'].system).toEqual(plain('task card'))
  })
})

it('keeps tables of other cards apart, unseen ones first, and names the controls that were best', () => {
  expect(tables.map(({ cards, examples }) => [cards, examples])).toEqual([
    ['unseen', 0],
    ['seen', 4],
  ])
  expect(tables[1].rows[0]).toMatchObject({ n: 3, leads: {} })
  const controls = golden.points[0].runs.map(({ scores }) =>
    scores.frozen > scores['no card'] ? 'frozen' : 'no card',
  )
  expect(new Set(tables[0].rows[0].leads['nDCG@10'].controls)).toEqual(new Set(controls))
})

function near(found: Spread, expected: Spread): void {
  expect(found.n).toBe(expected.n)
  expect(found.mean).toBeCloseTo(expected.mean, 12)
  if (expected.sd === null) expect(found.sd).toBeNull()
  else expect(found.sd).toBeCloseTo(expected.sd, 12)
}
