import { describe, expect, it } from 'vitest'
import { furtherTables } from '../../../src/main/pipeline/reporting/further-tables'
import type { Cards } from '../../../src/shared/ladder'
import { madeRow, madeVerdict } from '../../made-verdict'

const run = (...tables: [Cards, number, string?][]) => {
  const rows = tables.map(([cards, examples, row = 'frozen']) => madeRow({ row, cards, examples }))
  const [{ cards, examples }] = rows
  return { verdict: madeVerdict({ rows }), cards, examples }
}
const opened = run(['unseen', 0], ['seen', 4], ['seen', 0], ['unseen', 4], ['unseen', 4, 'exemplar shift'])

describe('the tables of a report beside the first', () => {
  it('are all others, each once, in their order', () => {
    expect(furtherTables([opened], { rows: [] })).toEqual([
      { cards: 'unseen', examples: 4 },
      { cards: 'seen', examples: 0 },
      { cards: 'seen', examples: 4 },
    ])
  })

  it('are those that every run has', () => {
    const other = run(['unseen', 0], ['seen', 0], ['seen', 16])
    expect(furtherTables([opened, other], { rows: [] })).toEqual([{ cards: 'seen', examples: 0 }])
  })

  it('are those that a request leaves in and that have a row of it', () => {
    expect(furtherTables([opened], { rows: [], examples: 4 })).toEqual([
      { cards: 'unseen', examples: 4 },
      { cards: 'seen', examples: 4 },
    ])
    expect(furtherTables([opened], { rows: [], cards: 'unseen', examples: 0 })).toEqual([])
    expect(furtherTables([opened], { rows: ['exemplar shift'] })).toEqual([{ cards: 'unseen', examples: 4 }])
  })
})
