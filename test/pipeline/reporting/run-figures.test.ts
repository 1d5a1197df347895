import { describe, expect, it } from 'vitest'
import { devOf, headlineOf } from '../../../src/main/pipeline/reporting/run-figures'
import type { JobEvent } from '../../../src/shared/schemas/job'
import { madeDifference, madeRow, madeVerdict } from '../../made-verdict'

const at = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 })
const mean = (value: number) => ({ 'nDCG@10': at(value) })

describe('the headline of a run', () => {
  const rows = [
    madeRow({ row: 'task card', cards: 'seen', mean: mean(0.9) }),
    madeRow({ row: 'frozen', mean: mean(0.1) }),
    madeRow({ row: 'task card', examples: 4, mean: mean(0.8) }),
    madeRow({ row: 'task card', bm25: true, mean: mean(0.7) }),
    madeRow({ row: 'task card', mean: mean(0.2) }),
  ]

  it('is the task card on unseen cards with the fewest examples, and its lead over the best control', () => {
    const differences = [
      madeDifference({ b: { row: 'frozen', bm25: false }, delta: 0.5 }),
      madeDifference({ best: true, examples: 4, delta: 0.6 }),
      madeDifference({ best: true, measure: 'MRR@10', delta: 0.7 }),
      madeDifference({ best: true, delta: 0.03, low: -0.01, high: 0.07, corrected: 0.4 }),
    ]
    expect(headlineOf(madeVerdict({ rows, differences }))).toEqual({
      row: 'task card',
      cards: 'unseen',
      examples: 0,
      measure: 'nDCG@10',
      mean: at(0.2),
      lead: { value: 0.03, low: -0.01, high: 0.07, control: 'no card', shown: false },
    })
  })

  it('is the frozen encoder where nothing was trained, without a lead, and nothing where nothing was scored', () => {
    const bm25 = madeRow({ row: 'BM25', bm25: false, mean: mean(0.4) })
    expect(headlineOf(madeVerdict({ rows: [bm25, rows[1]] }))).toMatchObject({ row: 'frozen', lead: null })
    expect(headlineOf(madeVerdict())).toBeNull()
  })
})

describe('the dev measure of a run', () => {
  const dev = (arm: string, step: number, value: number, run = 'r'): JobEvent => ({
    type: 'dev',
    at: 0,
    run,
    arm,
    step,
    measure: 'dev nDCG@10',
    value,
  })

  it('is that of the task card: its best beside its last, of this run alone', () => {
    const events = [
      dev('no card', 200, 0.9),
      dev('task card', 200, 0.2),
      dev('task card', 400, 0.4),
      dev('task card', 600, 0.3),
      dev('task card', 800, 0.99, 'other'),
    ]
    expect(devOf(events, 'r')).toEqual({
      system: 'task card',
      best: { step: 400, value: 0.4 },
      last: { step: 600, value: 0.3 },
    })
  })

  it('counts steps that were made again as they came out last', () => {
    const events = [dev('task card', 200, 0.2), dev('task card', 400, 0.9), dev('task card', 400, 0.3)]
    expect(devOf(events, 'r')?.best).toEqual({ step: 400, value: 0.3 })
  })

  it('is nothing where nothing was measured', () => {
    expect(devOf([], 'r')).toBeNull()
  })
})
