import { describe, expect, it } from 'vitest'
import {
  bestControl,
  cardsOf,
  examplesOf,
  headline,
  ladderRows,
  rowTitle,
} from '../../../src/renderer/display/ladder'
import type { VerdictRow } from '../../../src/shared/schemas/verdict'
import { madeRow, madeVerdict } from '../../made-verdict'

const row = (name: string, value: number, change: Partial<VerdictRow> = {}): VerdictRow =>
  madeRow({
    row: name,
    mean: { 'nDCG@10': { value, low: value - 0.01, high: value + 0.01 } },
    ...change,
  })
const verdict = (rows: VerdictRow[]) => madeVerdict({ rows })

describe('ladder', () => {
  it('never mixes cards or numbers of examples, and keeps the order of the ladder', () => {
    const all = verdict([
      row('task card', 0.2),
      row('frozen', 0.1),
      row('frozen', 0.5, { examples: 4 }),
      row('frozen', 0.6, { cards: 'seen' }),
    ])
    expect(
      ladderRows(all, { cards: 'unseen', examples: 0 }).map((one) => [one.row, one.mean['nDCG@10'].value]),
    ).toEqual([
      ['frozen', 0.1],
      ['task card', 0.2],
    ])
    expect(cardsOf(all)).toEqual(['unseen', 'seen'])
    expect(examplesOf(all, 'unseen')).toEqual([0, 4])
  })

  it('leaves fused rows out unless asked, and never counts them, BM25 or a network with the card as a control', () => {
    const rows = [
      row('frozen', 0.1),
      row('BM25', 0.9),
      row('task card', 0.8),
      row('wrong card', 0.7),
      row('no card', 0.3),
      row('frozen', 0.6, { bm25: true }),
    ]
    expect(bestControl(rows, 'nDCG@10')?.row).toBe('no card')
    expect(ladderRows(verdict(rows), { cards: 'unseen', examples: 0 })).toHaveLength(5)
    expect(ladderRows(verdict(rows), { cards: 'unseen', examples: 0 }, true).map(rowTitle).at(-1)).toBe(
      'frozen + BM25',
    )
    expect(bestControl([row('task card', 1)], 'nDCG@10')).toBeNull()
  })

  it('heads with unseen cards, else seen ones, else the frozen encoder alone', () => {
    expect(
      headline(
        verdict([row('task card', 0.2), row('frozen', 0.1), row('task card', 0.9, { cards: 'seen' })]),
        'nDCG@10',
      ),
    ).toMatchObject([
      { choice: { cards: 'unseen', examples: 0 }, subject: { row: 'task card' }, control: { row: 'frozen' } },
    ])
    expect(headline(verdict([row('frozen', 0.65, { cards: 'seen' })]), 'nDCG@10')).toMatchObject([
      { subject: { row: 'frozen' }, control: null },
    ])
    expect(headline(verdict([]), 'nDCG@10')).toEqual([])
  })
})
