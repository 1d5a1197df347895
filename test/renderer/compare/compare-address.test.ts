import { expect, it } from 'vitest'
import { queryText, readAddress, systemText } from '../../../src/renderer/compare/compare-address'

it('an address names runs, systems and a query; what it does not name is as usual', () => {
  const system = { run: 'r-1', row: 'a | b' }
  const query = { task: 'd/card', query: 'q|1' }
  const state = readAddress({
    run: ['r-1', 'r-2', 'r-1'],
    measure: 'MRR@10',
    a: systemText(system),
    q: queryText(query),
    order: 'wins',
  })
  expect(state).toMatchObject({
    runs: ['r-1', 'r-2'],
    measure: 'MRR@10',
    a: system,
    b: null,
    query,
    order: 'wins',
  })
  expect(readAddress({ run: 'one', q: 'no bar', a: '|row', measure: 'AP' })).toMatchObject({
    runs: ['one'],
    query: null,
    a: null,
    measure: 'nDCG@10',
    order: 'losses',
    fused: false,
  })
})
