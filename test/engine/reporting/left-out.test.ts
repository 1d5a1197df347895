import { expect, it } from 'vitest'
import { leftOutTables } from '../../../src/main/engine/reporting/left-out'
import type { SweepTable } from '../../../src/shared/schemas/runs/sweep'
import { plain } from '../../made-verdict'

const spread = (mean: number) => ({ n: 1, mean, sd: null })
const row = (point: number, frozen: number, card: number, lead: number) => ({
  point,
  n: 1,
  systems: [
    { ...plain('frozen'), measures: { 'nDCG@10': spread(frozen) } },
    { ...plain('task card'), measures: { 'nDCG@10': spread(card) } },
    { row: 'task card', bm25: true, measures: { 'nDCG@10': spread(0.9) } },
  ],
  leads: { 'nDCG@10': { ...spread(lead), system: plain('task card'), controls: ['no card'] } },
})
const table = (change: Partial<SweepTable> = {}): SweepTable => ({
  cards: 'unseen',
  examples: 0,
  rows: [row(0, 0.5, 0.56, 0.03), row(1, 0.4, 0.42, -0.01), row(2, 0.2, 0.24, 0.01)],
  ...change,
})

it('counts each unit that was left out once, with Student’s interval over them', () => {
  const [all, ...others] = leftOutTables([table(), table({ cards: 'seen' })], 'nDCG@10')
  expect(others).toEqual([])
  expect(all).toMatchObject({ cards: 'unseen', examples: 0, measure: 'nDCG@10' })
  // Mean .01 of .03, −.01 and .01: s = .02, t(.975, 2) = 4.302653, over √3.
  const margin = (4.302652729911275 * 0.02) / Math.sqrt(3)
  expect(all.lead).toEqual({
    units: 3,
    won: 2,
    mean: expect.closeTo(0.01, 12),
    low: expect.closeTo(0.01 - margin, 9),
    high: expect.closeTo(0.01 + margin, 9),
  })
  expect(all.gain).toMatchObject({ units: 3, won: 3, mean: expect.closeTo(0.04, 12) })
})

it('has no interval of one unit, and nothing where no run has a card', () => {
  const [one] = leftOutTables([table({ rows: [row(0, 0.5, 0.56, 0.03)] })], 'nDCG@10')
  expect(one.lead).toMatchObject({ units: 1, low: null, high: null })
  const bare = row(0, 0.5, 0.56, 0.03)
  expect(
    leftOutTables([table({ rows: [{ ...bare, systems: bare.systems.slice(0, 1), leads: {} }] })], 'nDCG@10'),
  ).toEqual([])
})
