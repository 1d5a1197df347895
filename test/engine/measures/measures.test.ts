import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measureNames, parseMeasure } from '../../../src/main/engine/measures/index'
import type { RankedQuery } from '../../../src/main/engine/measures/measure'

interface Golden {
  cases: {
    qrels: Record<string, number>
    run: Record<string, number>
    expected: Record<string, number>
  }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/measures.json', import.meta.url), 'utf8'),
)

/** trec_eval's order: score descending, ties by document id descending. */
function ranked({ qrels, run }: Golden['cases'][number]): RankedQuery {
  const order = Object.keys(run).sort((a, b) => run[b] - run[a] || (a < b ? 1 : -1))
  return { grades: order.map((document) => qrels[document] ?? 0), ideal: idealOf(Object.values(qrels)) }
}
const idealOf = (grades: number[]) => grades.filter((grade) => grade > 0).sort((a, b) => b - a)

describe('measures against trec_eval', () => {
  it('has at least 200 cases with ties, gaps and negative grades', () => {
    expect(golden.cases.length).toBeGreaterThanOrEqual(200)
    expect(golden.cases.some(({ qrels }) => Object.values(qrels).some((grade) => grade < 0))).toBe(true)
    expect(golden.cases.some(({ run }) => new Set(Object.values(run)).size < Object.keys(run).length)).toBe(
      true,
    )
  })

  it.each(Object.keys(golden.cases[0].expected))('%s', (name) => {
    const measure = parseMeasure(name)
    for (const one of golden.cases) expect(measure.score(ranked(one))).toBeCloseTo(one.expected[name], 12)
  })
})

describe('the registry', () => {
  it('prints what it parses', () => {
    for (const name of measureNames()) expect(parseMeasure(name).name).toBe(name)
    expect(measureNames()).toEqual(['nDCG@10', 'MRR@10', 'Recall@100'])
    expect(parseMeasure('RR@10').name).toBe('MRR@10')
    expect(parseMeasure(' ndcg@5 ').name).toBe('nDCG@5')
    expect(parseMeasure('R@100').cutoff).toBe(100)
  })

  it.each(['', 'nDCG', 'nDCG@', 'nDCG@0', 'nDCG@-1', 'nDCG@1.5', 'foo@10', 'MRR@10@10'])(
    'refuses %j',
    (text) => {
      expect(() => parseMeasure(text)).toThrow(expect.objectContaining({ code: 'OPTION_UNKNOWN' }))
    },
  )
})

describe.each(['nDCG@10', 'MRR@10', 'Recall@100', 'Recall@3'])('%s', (name) => {
  const measure = parseMeasure(name)
  /** Grades of a ranking and of judged documents that it misses; at least one is positive. */
  const query = fc
    .record({
      grades: fc.array(fc.integer({ min: -2, max: 4 }), { maxLength: 120 }),
      missed: fc.array(fc.integer({ min: -2, max: 4 }), { maxLength: 20 }),
    })
    .map(({ grades, missed }) => ({ grades, ideal: idealOf([...grades, ...missed]) }))
    .filter(({ ideal }) => ideal.length > 0)

  it('lies in [0, 1]', () => {
    fc.assert(
      fc.property(query, (ranking) => {
        const score = measure.score(ranking)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })

  it('never falls when a better document moves up', () => {
    fc.assert(
      fc.property(query, fc.nat(), fc.nat(), ({ grades, ideal }, i, j) => {
        fc.pre(grades.length > 1)
        const [up, down] = [i % grades.length, j % grades.length].sort((a, b) => a - b)
        fc.pre(grades[down] > grades[up])
        const better = [...grades]
        better[up] = grades[down]
        better[down] = grades[up]
        expect(measure.score({ grades: better, ideal })).toBeGreaterThanOrEqual(
          measure.score({ grades, ideal }) - 1e-12,
        )
      }),
    )
  })

  it('is 1 for the ideal ranking when the cut-off allows', () => {
    const short = query.filter(({ ideal }) => ideal.length <= 3)
    fc.assert(
      fc.property(short, ({ ideal }) => {
        expect(measure.score({ grades: ideal, ideal })).toBeCloseTo(1, 12)
      }),
    )
  })

  it('has no score without a relevant document', () => {
    expect(() => measure.score({ grades: [0, 0], ideal: [] })).toThrow(RangeError)
  })
})
