import { describe, expect, it } from 'vitest'
import { readPairs } from '../../../src/renderer/cards/read-pairs'

describe('readPairs', () => {
  it('reads columns of a table and JSON lines, with ids where they are there', () => {
    const text =
      ' a wedding \torgan\r\n\n{"query": "bread", "document": "oven", "queryId": "q7"}\n["snow", "sled"]\n'
    expect(readPairs(text)).toEqual({
      pairs: [
        { query: 'a wedding', document: 'organ' },
        { query: 'bread', document: 'oven', queryId: 'q7' },
        { query: 'snow', document: 'sled' },
      ],
      faults: [],
    })
  })

  it('names the lines that are none, and takes the others', () => {
    const { pairs, faults } = readPairs('a\tb\nno tab\na\tb\tc\n{"query"\n{"query": 7}\n\tb\n["a", " "]')
    expect(pairs).toEqual([{ query: 'a', document: 'b' }])
    expect(faults.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7])
    expect(new Set(faults.map(({ reason }) => reason)).size).toBe(6)
  })
})
