import { describe, expect, it } from 'vitest'
import { renderComparison } from '../../../src/main/hosts/terminal/render-comparison'
import { compareTables } from '../../../src/main/pipeline/reporting/compare-tables'
import type { ScoredTable } from '../../../src/main/pipeline/reporting/scored-table'
import { comparisonRequestSchema } from '../../../src/shared/schemas/comparison'
import { madeRow, madeVerdict } from '../../made-verdict'

type Part = 'seen' | 'unseen' | undefined

/** Twelve tasks of four queries; `score` of a row, task and query. */
function madeTable(
  run: string,
  options: {
    readonly seed?: number
    readonly kind?: 'train' | 'frozen'
    readonly score: (row: string, task: number, query: number) => number
    readonly part?: (task: number, query: number) => Part
    readonly split?: boolean
  },
): ScoredTable {
  const { seed = 1, kind = 'train', score, part = () => undefined, split = false } = options
  const tasks = Array.from({ length: 12 }, (_, t) => `t${t}`)
  const rows = ['frozen', 'no card', 'task card'].map((row) =>
    madeRow({ row, mean: { 'nDCG@10': { value: 0, low: 0, high: 0 } } }),
  )
  const documents = [{ cards: 'unseen' as const, examples: 0 }]
  const verdict = {
    ...madeVerdict({ rows }),
    tasks,
    clusters: tasks.map((_, t) => t),
    documents: split ? documents : undefined,
  }
  const queries = [0, 1, 2, 3]
  return {
    run: { id: run, kind, request: { seed, splitSeed: 1 }, datasets: [] },
    verdict,
    cards: 'unseen',
    examples: 0,
    rows,
    queries: new Map(tasks.map((task) => [task, queries.map((query) => `q${query}`)])),
    scores: new Map(
      tasks.map((task, t) => [
        task,
        queries.map((query) =>
          Object.fromEntries(rows.map(({ row }) => [row, { 'nDCG@10': score(row, t, query) }])),
        ),
      ]),
    ),
    documents: new Map(tasks.map((task, t) => [task, queries.map((query) => part(t, query))])),
  } as unknown as ScoredTable
}
const request = (more = {}) =>
  comparisonRequestSchema.parse({
    runs: ['a'],
    measures: ['nDCG@10'],
    rows: ['frozen', 'task card'],
    ...more,
  })
const gain = (row: string, t: number, query: number) =>
  0.2 + 0.01 * t + 0.02 * query + (row === 'task card' ? (query < 2 ? 0.3 + 0.01 * (t % 3) : -0.1) : 0)

describe('a comparison apart by what its queries ask for', () => {
  const part = (_: number, query: number): Part => (query < 2 ? 'seen' : 'unseen')

  it('has the same rows and pairs on the queries of each part alone', () => {
    const comparison = compareTables([madeTable('a', { score: gain, part })], request())
    const [seen, unseen] = comparison.documents!
    expect([seen.documents, seen.n, seen.tasks, seen.unit]).toEqual(['seen', 24, 12, 'tasks'])
    expect(seen.pairs[0].delta).toBeCloseTo(-0.31, 12)
    expect(unseen.pairs[0].delta).toBeCloseTo(0.1, 12)
    expect(unseen.systems.map(({ letter, row }) => [letter, row])).toEqual([
      ['a', 'frozen'],
      ['b', 'task card'],
    ])
    const text = renderComparison(comparison, 'markdown')
    expect(text).toContain('The 24 of 48 queries of which no train query touched a relevant document')
  })

  it('counts a query as seen where any of the runs trained on what it asks for, and leaves out those of neither', () => {
    const other = (t: number, query: number): Part => (t === 0 ? undefined : query === 3 ? 'seen' : 'unseen')
    const own = (t: number, query: number): Part => (t === 0 ? undefined : part(t, query))
    const tables = [madeTable('a', { score: gain, part: own }), madeTable('b', { score: gain, part: other })]
    const { documents } = compareTables(tables, request({ runs: ['a', 'b'] }))
    expect(documents!.map(({ documents, n, tasks }) => [documents, n, tasks])).toEqual([
      ['seen', 33, 11],
      ['unseen', 11, 11],
    ])
  })

  it('says nothing where a run was scored before its queries said so, and minds no run that trained nothing', () => {
    const old = madeTable('a', { score: gain, split: true })
    expect(compareTables([old], request()).documents).toBeUndefined()
    const young = madeTable('b', { score: gain, part })
    expect(compareTables([old, young], request({ runs: ['a', 'b'] })).documents).toBeUndefined()
    const frozen = madeTable('c', { score: gain, kind: 'frozen' })
    expect(compareTables([frozen, young], request({ runs: ['c', 'b'] })).documents).toHaveLength(2)
  })
})

describe('runs that differ in their seed alone', () => {
  /** The seed adds the same to every query of the task card. */
  const seeds = [0, 0.03, 0.06].map((more, s) =>
    madeTable(`s${s}`, {
      seed: s + 1,
      score: (row, t, query) =>
        0.2 + 0.01 * t + 0.001 * query + (row === 'task card' ? 0.1 + more : row === 'no card' ? 0.05 : 0),
    }),
  )
  const three = request({ runs: ['s0', 's1', 's2'], rows: [] })

  it('have the spread over seeds apart from that over tasks, of a row and of its lead over the best control', () => {
    const comparison = compareTables(seeds, three)
    const [card, lead] = comparison.seeds!
    expect(card).toMatchObject({ row: 'task card', minus: null, runs: 3 })
    expect(card.sd).toBeCloseTo(0.03, 12)
    expect(card.errors.seeds).toBeCloseTo(0.03 / Math.sqrt(3), 12)
    // Tasks .01 apart, twelve of them.
    expect(card.errors.units).toBeCloseTo(0.01 * Math.sqrt(13 / 12), 12)
    expect(card.errors.both).toBeCloseTo(0, 12)
    expect(lead).toMatchObject({ row: 'task card', minus: 'no card' })
    expect(lead.mean).toBeCloseTo(0.08, 12)
    // All tasks lead by the same: what is left is the seeds'.
    expect(lead.errors.units).toBeCloseTo(0, 12)
    expect(lead.errors.seeds).toBeCloseTo(card.errors.seeds, 12)
    expect(renderComparison(comparison, 'markdown')).toMatch(
      /Over 3 seeds and 12 tasks[\s\S]*task card − no card/,
    )
  })

  it('are not read as seeds where anything else differs', () => {
    const other = { ...seeds[1], run: { ...seeds[1].run, request: { seed: 2, splitSeed: 1, steps: 7 } } }
    const tables = [seeds[0], other as unknown as ScoredTable]
    expect(compareTables(tables, request({ runs: ['s0', 's1'], rows: [] })).seeds).toBeUndefined()
  })
})
