import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { compareSystems, type SystemScores } from '../../../src/main/engine/reporting/compare-systems'
import { comparisonTable } from '../../../src/main/engine/reporting/comparison-table'
import { differingSettings } from '../../../src/main/engine/reporting/differing-settings'
import { samplingOf } from '../../../src/main/engine/statistics/inference'
import { type Comparison, comparisonSchema } from '../../../src/shared/schemas/comparison'

const random = randomStream(1, 'systems')
const base = [60, 20].map((n) => Float64Array.from({ length: n }, () => random.next() * 0.5))
const system = (name: string, shift: (value: number) => number): SystemScores => ({
  name,
  run: 'r',
  row: name,
  values: new Map([['nDCG@10', base.map((values) => values.map(shift))]]),
})
const systems = [
  system('frozen_1 & co', (value) => value),
  system('better', (value) => value + 0.1 + 0.05 * random.next()),
  system('same <b>', (value) => value + 1e-12),
]
const sampling = samplingOf(base.map(({ length }) => length))
const options = { measures: ['nDCG@10'], sampling, seed: 1 }
const compared = compareSystems(systems, options)
const comparison: Comparison = {
  version: 2,
  cards: 'seen',
  examples: 0,
  unit: 'queries within tasks',
  units: 80,
  tasks: ['one', 'two'],
  n: 80,
  measures: ['nDCG@10'],
  ...compared,
  runs: ['r'],
  differs: [],
}

describe('systems that are compared', () => {
  it('fit the contract', () => {
    expect(() => comparisonSchema.parse(comparison)).not.toThrow()
  })

  it('differ by the mean over tasks, each counting once', () => {
    const [frozen, better] = compared.systems.map(({ mean }) => mean['nDCG@10'])
    expect(compared.pairs[0].delta).toBeCloseTo(frozen - better, 12)
  })

  it('beat only what is shown', () => {
    expect(compared.systems.map(({ beats }) => beats['nDCG@10'])).toEqual([[], ['a', 'c'], []])
  })

  it('are level where only rounding tells them apart', () => {
    const same = compared.pairs.find(({ a, b }) => a === 'a' && b === 'c')!
    expect(same).toMatchObject({ wins: 0, losses: 0, ties: 80, p: 1, corrected: 1, delta: 0 })
  })
})

it('tables have superscripts, bold and the words', () => {
  const markdown = comparisonTable(comparison, 'markdown')
  expect(markdown).toMatch(/\*\*\.\d{3}\*\*<sup>ac<\/sup>/)
  expect(markdown).toContain('no difference shown')
  const latex = comparisonTable(comparison, 'latex')
  expect(latex).toMatch(/\\textbf\{\.\d{3}\}\$\^\{ac\}\$/)
  expect(latex).toContain('frozen\\_1 \\& co')
  const csv = comparisonTable(comparison, 'csv').split('\n')
  expect(csv).toHaveLength(1 + 3 + 3)
})

it('of configurations only what differs is told', () => {
  expect(differingSettings([{ a: { b: 1, c: 2 }, d: 'x' }, { a: { b: 1, c: 3 } }])).toEqual([
    { setting: 'a.c', values: ['2', '3'] },
    { setting: 'd', values: ['x', '–'] },
  ])
})
