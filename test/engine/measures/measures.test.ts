import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  distinctMeasures,
  measureNames,
  measureSpecs,
  parseMeasure,
  parseMeasures,
} from '../../../src/main/engine/measures/index'
import type { RankedQuery } from '../../../src/main/engine/measures/measure'

interface Golden {
  cases: {
    qrels: Record<string, number>
    run: Record<string, number>
    expected: Record<string, number>
  }[]
}
// Recorded by test/oracle/measures.py.
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/measures.json', import.meta.url), 'utf8'),
)

/** trec_eval's order: score descending, ties by document id descending. */
function ranked({ qrels, run }: Golden['cases'][number]): RankedQuery {
  const order = Object.keys(run).sort((a, b) => run[b] - run[a] || (a < b ? 1 : -1))
  const judged = Object.values(qrels)
  return {
    grades: order.map((document) => qrels[document] ?? Number.NaN),
    ideal: idealOf(judged),
    notRelevant: judged.filter((grade) => grade === 0).length,
  }
}
const idealOf = (grades: number[]) => grades.filter((grade) => grade > 0).sort((a, b) => b - a)

describe('measures against trec_eval and numpy', () => {
  it('has at least 200 cases with ties, gaps and negative grades', () => {
    expect(golden.cases.length).toBeGreaterThanOrEqual(200)
    const some = (holds: (one: Golden['cases'][number]) => boolean) => golden.cases.some(holds)
    expect(some(({ qrels }) => Object.values(qrels).some((grade) => grade < 0))).toBe(true)
    expect(some(({ run }) => new Set(Object.values(run)).size < Object.keys(run).length)).toBe(true)
    expect(some(({ qrels, run }) => Object.keys(run).some((document) => !(document in qrels)))).toBe(true)
    expect(some(({ qrels, run }) => Object.keys(qrels).some((document) => !(document in run)))).toBe(true)
  })

  it.each(Object.keys(golden.cases[0].expected))('%s', (name) => {
    const measure = parseMeasure(name)
    // trec_eval takes bpref's quotients in float32.
    const digits = name === 'bpref' ? 7 : 11
    for (const one of golden.cases) expect(measure.score(ranked(one))).toBeCloseTo(one.expected[name], digits)
  })

  it('knows every measure of the registry', () => {
    const known = new Set(Object.keys(golden.cases[0].expected).map((name) => parseMeasure(name).standard))
    expect(known.size).toBe(Object.keys(golden.cases[0].expected).length)
    for (const { name } of measureSpecs())
      expect([...known].some((standard) => standard.startsWith(name))).toBe(true)
  })
})

describe('the printed form', () => {
  const forms = [
    'nDCG@10',
    "nDCG(dcg='exp-log2')@10",
    'nDCG',
    'RR@10',
    'MRR@10',
    'R@100',
    'Recall@100',
    'AP',
    'AP@100',
    'P@5',
    'Success@1',
    'Rprec',
    'Judged@10',
    'bpref',
    'RBP(p=0.8)',
    'RBP(p=0.5)@10',
  ]
  it.each(forms)('%s parses to itself', (name) => {
    expect(parseMeasure(name).name).toBe(name)
    expect(parseMeasure(parseMeasure(name).standard).standard).toBe(parseMeasure(name).standard)
  })

  it('has the headline measures first, by the names that results.json keeps', () => {
    expect(measureNames()).toEqual(['nDCG@10', 'MRR@10', 'Recall@100'])
  })

  it('reads any case and either kind of quotes', () => {
    expect(parseMeasure(' ndcg@5 ').name).toBe('nDCG@5')
    expect(parseMeasure('nDCG(dcg="exp-log2")@5').name).toBe("nDCG(dcg='exp-log2')@5")
    expect(parseMeasure('nDCG(dcg=exp-log2)@5').name).toBe("nDCG(dcg='exp-log2')@5")
    expect(parseMeasure('R@100').cutoff).toBe(100)
    expect(parseMeasure('AP').cutoff).toBe(Number.POSITIVE_INFINITY)
  })

  it('knows two spellings of one measure', () => {
    expect(parseMeasure('MRR@10').standard).toBe(parseMeasure('RR@10').standard)
    expect(parseMeasure('RBP').standard).toBe(parseMeasure('RBP(p=0.8)').standard)
    expect(distinctMeasures(['MRR@10', 'RR@10', 'RR@5']).map(({ name }) => name)).toEqual(['MRR@10', 'RR@5'])
  })

  it('reads a list, commas in brackets included', () => {
    const names = parseMeasures("nDCG(dcg='exp-log2')@10, P@5,RBP(p=0.5,)@3").map(({ name }) => name)
    expect(names).toEqual(["nDCG(dcg='exp-log2')@10", 'P@5', 'RBP(p=0.5)@3'])
  })

  it.each([
    '',
    'P',
    'nDCG@',
    'nDCG@0',
    'nDCG@-1',
    'nDCG@1.5',
    'foo@10',
    'MRR@10@10',
    'Rprec@5',
    'RBP(p=1.5)',
    'RBP(p=x)',
    'RBP(q=0.5)',
    'RBP(p=0.5,p=0.6)',
    "nDCG(dcg='log3')@10",
    'P(rel=2)@5',
  ])('refuses %j', (text) => {
    expect(() => parseMeasure(text)).toThrow(expect.objectContaining({ code: 'OPTION_UNKNOWN' }))
  })
})

const bounded = golden.cases[0].expected
describe.each(Object.keys(bounded))('%s', (name) => {
  const measure = parseMeasure(name)
  /** Grades of a ranking and of judged documents that it misses; at least one is positive. */
  const query = fc
    .record({
      grades: fc.array(fc.integer({ min: -2, max: 4 }), { maxLength: 120 }),
      missed: fc.array(fc.integer({ min: -2, max: 4 }), { maxLength: 20 }),
    })
    .map(({ grades, missed }) => ({
      grades,
      ideal: idealOf([...grades, ...missed]),
      notRelevant: [...grades, ...missed].filter((grade) => grade === 0).length,
    }))
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

  it('never falls when a relevant document moves up past a lesser one', () => {
    fc.assert(
      fc.property(query, fc.nat(), fc.nat(), (ranking, i, j) => {
        const { grades } = ranking
        fc.pre(grades.length > 1)
        const [up, down] = [i % grades.length, j % grades.length].sort((a, b) => a - b)
        fc.pre(grades[down] > 0 && grades[down] > grades[up])
        const better = [...grades]
        better[up] = grades[down]
        better[down] = grades[up]
        expect(measure.score({ ...ranking, grades: better })).toBeGreaterThanOrEqual(
          measure.score(ranking) - 1e-12,
        )
      }),
    )
  })

  it('has no score without a relevant document', () => {
    expect(() => measure.score({ grades: [0, 0], ideal: [], notRelevant: 2 })).toThrow(RangeError)
  })
})

it.each(['nDCG@10', "nDCG(dcg='exp-log2')@10", 'RR@10', 'R@10', 'AP@10', 'Rprec', 'bpref', 'Success@1'])(
  '%s is 1 for the ideal ranking when the cut-off allows',
  (name) => {
    const ideals = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 10 }).map(idealOf)
    fc.assert(
      fc.property(ideals, (ideal) => {
        expect(parseMeasure(name).score({ grades: ideal, ideal, notRelevant: 0 })).toBeCloseTo(1, 12)
      }),
    )
  },
)
