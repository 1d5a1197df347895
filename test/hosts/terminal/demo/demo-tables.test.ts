import { describe, expect, it } from 'vitest'
import { corporaTable } from '../../../../src/main/hosts/terminal/demo/corpora-table'
import { taskTables } from '../../../../src/main/hosts/terminal/demo/task-tables'
import type { Comparison } from '../../../../src/shared/schemas/comparison'
import { madeRow, madeVerdict } from '../../../made-verdict'

const around = (value: number) => ({ value, low: value - 0.01, high: value + 0.01 })
const measures = (value: number) => ({
  'nDCG@10': around(value),
  'MRR@10': around(value / 2),
  'Recall@100': around(0.9),
})
/** A row with the nDCG@10 of each corpus. */
const row = (name: string, values: readonly number[], change: object = {}) =>
  madeRow({
    row: name,
    cards: 'unseen',
    examples: 0,
    mean: measures(values.reduce((sum, value) => sum + value, 0) / values.length),
    tasks: Object.fromEntries(values.map((value, i) => [`apis.${i}`, { n: 20, measures: measures(value) }])),
    ...change,
  })

const verdict = madeVerdict({
  tasks: ['apis.0', 'apis.1', 'apis.2', 'apis.3'],
  clusters: [0, 1, 2, 3],
  rows: [
    row('frozen', [0.8, 0.7, 0.6]),
    row('task card', [0.85, 0.75, 0.55]),
    row('handed out', [0.82, 0.72, 0.6]),
    row('handed out', [0.9, 0.9, 0.9], { bm25: true }),
    row('task card', [0.9], { cards: 'seen' }),
  ],
})
const tested = { measure: 'nDCG@10', p: 0.01, corrected: 0.02, wins: 1, losses: 1, ties: 1 }
const comparison = {
  version: 2,
  cards: 'unseen',
  examples: 0,
  unit: 'tasks',
  units: 3,
  tasks: ['apis.0', 'apis.1', 'apis.2'],
  n: 60,
  measures: ['nDCG@10'],
  systems: ['frozen', 'task card', 'handed out'].map((name, i) => ({
    letter: 'abc'[i],
    name,
    run: 'r',
    row: name,
    mean: {},
    beats: {},
  })),
  pairs: [
    { ...tested, a: 'a', b: 'b', delta: -0.03, low: -0.05, high: -0.01 },
    { ...tested, a: 'c', b: 'a', delta: 0.01, low: -0.002, high: 0.02 },
  ],
  runs: ['r'],
  differs: [],
} as unknown as Comparison

describe('the table of corpora that were never trained', () => {
  const corpora = {
    frozen: { a: 0.8, b: 0.7, c: 0.6 },
    'task card': { a: 0.85, b: 0.75, c: 0.55 },
    'handed out': { a: 0.82, b: 0.7, c: 0.6 },
  }
  const split = { trained: 9, unseen: 3, chosenOn: 2 }
  const lines = corporaTable(verdict, { split, comparison, corpora }, 200).join('\n').split('\n')

  it('says how many corpora, of how many, over what', () => {
    expect(lines[0]).toMatch(/^3 corpora were held out, 9 trained, 2 chose .* 60 queries.* over 3 tasks\.$/)
  })

  it('has every row with its gain over frozen, whichever way the pair was tested, and the corpora won', () => {
    const cells = lines.slice(2).map((line) => line.trim().split(/ {2,}/))
    expect(cells).toEqual([
      ['row', 'nDCG@10 [95 %]', 'gain over frozen [95 %], p after Holm', 'corpora won'],
      ['frozen', '.700 [.690, .710]'],
      ['task card', '.717 [.707, .727]', '+.030 [+.010, +.050] p = .020', '2 of 3'],
      ['handed out', '.713 [.703, .723]', '+.010 [−.002, +.020] p = .020', '1 of 3'],
    ])
  })
})

describe('the tables of tasks', () => {
  it('have each task apart, fused rows too, by the number of examples', () => {
    const seen = (name: string, examples: number, change = {}) =>
      row(name, [0.5, 0.4], { cards: 'seen', examples, ...change })
    const text = taskTables(
      madeVerdict({
        tasks: ['apis.0', 'apis.1'],
        clusters: [0, 1],
        rows: [seen('frozen', 16), seen('frozen', 0), seen('task card', 0, { bm25: true })],
      }),
    ).join('\n')
    const titles = text.split('\n').filter((line) => line.includes('k = '))
    expect(titles).toEqual([
      'apis.0, k = 0 · 20 queries',
      'apis.0, k = 16 · 20 queries',
      'apis.1, k = 0 · 20 queries',
      'apis.1, k = 16 · 20 queries',
    ])
    expect(text).toMatch(/^row +nDCG@10 \[95 %\] +MRR@10 \[95 %\] +Recall@100 \[95 %\]/m)
    expect(text).toMatch(/task card \+ BM25 +\.500 \[\.490, \.510\] +\.250/)
  })
})
