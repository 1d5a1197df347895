import { describe, expect, it } from 'vitest'
import {
  type DocumentPartsOptions,
  documentParts,
  trainedDocuments,
} from '../../../../src/main/engine/evaluation/apart/document-parts'
import type { SystemScores } from '../../../../src/main/engine/evaluation/system-scores'
import { samplingOf } from '../../../../src/main/engine/statistics/inference'
import { makeTasks } from '../../datasets/made-collection'

// Train queries touch documents 0, 1 (of `a`) and 2 (of `b`), and judge 9 as not relevant.
const [a, b] = makeTasks('made', [
  {
    id: 'a',
    train: [
      [
        50,
        [
          [0, 1],
          [9, 0],
        ],
      ],
      [51, [[1, 2]]],
    ],
    test: [
      [60, [[0, 1]]],
      [
        61,
        [
          [5, 1],
          [2, 1],
        ],
      ],
      [
        62,
        [
          [5, 1],
          [0, 0],
        ],
      ],
      [63, [[9, 1]]],
    ],
  },
  { id: 'b', train: [[52, [[2, 1]]]], test: [[64, [[7, 1]]]] },
])
const [elsewhere] = makeTasks('elsewhere', [{ id: 'c', test: [[60, [[0, 1]]]] }])

/** [tasks][queries] of one row, with measure `m`. */
function scores(row: string, values: readonly number[][], tasks = [a, b, elsewhere]): SystemScores {
  return {
    row,
    bm25: false,
    tasks: values.map((queries, t) => ({
      task: { task: tasks[t] },
      queries: tasks[t].test.queries,
      values: new Map([['m', Float64Array.from(queries)]]),
      seconds: 0,
    })),
  } as unknown as SystemScores
}

const card = scores('task card', [[1, 0.8, 0.5, 0.3], [0.6], [0.9]])
const control = scores('frozen', [[0.5, 0.4, 0.5, 0.1], [0.7], [0.1]])
const parts = (change: Partial<DocumentPartsOptions> = {}) =>
  documentParts({
    systems: [control, card],
    documents: trainedDocuments([a, b]),
    split: 'test',
    measures: ['m'],
    card,
    control: () => control,
    samplingOf: ({ tasks }) => samplingOf(tasks.map(({ queries }) => queries.length)),
    seed: 1,
    ...change,
  })

describe('what training was told of', () => {
  it('is what train queries of trained tasks find relevant, of each corpus', () => {
    const documents = trainedDocuments([a, b])
    expect([...documents.keys()]).toEqual(['made'])
    expect([...documents.get('made')!].sort()).toEqual([0, 1, 2])
    expect([...trainedDocuments([a]).get('made')!].sort()).toEqual([0, 1])
  })
})

describe('a table apart by documents', () => {
  it('has the numbers that one gets by hand: means over tasks, and the lead over the table’s control', () => {
    // Seen: queries 60 (document 0) and 61 (document 2, of the other task's training). The rest asks for untouched ones.
    const [seen, unseen] = parts()
    expect(seen).toMatchObject({ documents: 'seen', tasks: 1, queries: 2, unit: 'queries', n: 2 })
    expect(unseen).toMatchObject({
      documents: 'unseen',
      tasks: 2,
      queries: 3,
      unit: 'queries within tasks',
      n: 3,
    })
    const means = (part: typeof seen) => part.rows.map(({ row, mean }) => [row, mean.m.value])
    expect(means(seen)).toEqual([
      ['frozen', expect.closeTo(0.45, 12)],
      ['task card', expect.closeTo(0.9, 12)],
    ])
    expect(means(unseen)).toEqual([
      ['frozen', expect.closeTo((0.3 + 0.7) / 2, 12)],
      ['task card', expect.closeTo((0.4 + 0.6) / 2, 12)],
    ])
    expect(seen.leads.m.control).toEqual({ row: 'frozen', bm25: false })
    expect(seen.leads.m.delta).toBeCloseTo(0.45, 12)
    expect(unseen.leads.m.delta).toBeCloseTo(0, 12)
  })

  it('corrects the p of both parts together', () => {
    for (const { leads } of parts()) {
      expect(leads.m.family).toBe(2)
      expect(leads.m.corrected).toBeGreaterThanOrEqual(leads.m.p)
    }
  })

  it('has no part without queries, and none where nothing trained', () => {
    const all = trainedDocuments([a, b]).get('made')!
    const known = new Map([['made', new Set([...all, 5, 7, 9])]])
    const [seen, ...rest] = parts({ documents: known })
    expect(rest).toEqual([])
    expect(seen).toMatchObject({ documents: 'seen', tasks: 2, queries: 5 })
    expect(seen.leads.m.family).toBe(1)
    expect(parts({ documents: new Map() })).toEqual([])
  })

  it('has no lead where the table has none', () => {
    expect(parts({ card: undefined }).map(({ leads }) => leads)).toEqual([{}, {}])
    expect(parts({ control: () => undefined }).map(({ leads }) => leads)).toEqual([{}, {}])
  })
})
