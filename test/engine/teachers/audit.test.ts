import { describe, expect, it } from 'vitest'
import {
  AUDIT_DEPTH,
  type AuditedSystem,
  admittedTeachers,
  auditSystems,
} from '../../../src/main/engine/teachers/audit'
import { type JudgedQuery, judgedQueries } from '../../../src/main/engine/teachers/judged-queries'
import { taskAuditSchema } from '../../../src/shared/schemas/audit'
import { makeCollection } from '../datasets/made-collection'

const list = (...documents: number[]) => ({
  documents: Int32Array.from(documents),
  scores: Float32Array.from(documents, (_, i) => -i),
})
const system = (name: string, ...lists: number[][]): AuditedSystem => ({
  name,
  rankings: lists.map((documents) => list(...documents)),
  millisecondsPerQuery: 1,
})
const query = (row: number, grades: [number, number][]): JudgedQuery => ({
  query: row,
  grades: new Map(grades),
  ideal: Float32Array.from(grades.map(([, grade]) => grade).filter((grade) => grade > 0))
    .sort()
    .reverse(),
})

describe('an audit', () => {
  /** Query 0: 1 is relevant, 2 judged not; query 1: 5 and 6 are relevant. */
  const queries = [
    query(0, [
      [1, 1],
      [2, 0],
    ]),
    query(1, [
      [5, 1],
      [6, 2],
    ]),
  ]
  const student = system('student', [3, 1, 2], [6, 7, 8])
  const better = system('better', [1, 3], [6, 5, 7])
  const worse = system('worse', [3, 2], [8])
  const audit = auditSystems({ task: 't', queries, available: 9, student, teachers: [better, worse] })

  it('fits its schema and names who was asked what', () => {
    expect(taskAuditSchema.parse(audit)).toEqual(audit)
    expect(audit).toMatchObject({ task: 't', queries: 2, available: 9 })
    expect(audit.rows.map((row) => [row.teacher, row.student])).toEqual([
      ['student', true],
      ['better', false],
      ['worse', false],
    ])
  })

  it('measures by hand-made numbers', () => {
    const gain = (rank: number) => 1 / Math.log2(rank + 1)
    const ideal = 2 * gain(1) + gain(2)
    expect(audit.rows[0].measures['nDCG@10']).toBeCloseTo((gain(2) + (2 * gain(1)) / ideal) / 2, 12)
    expect(audit.rows[1].measures['nDCG@10']).toBeCloseTo(1, 12)
    expect(audit.rows[2].measures).toEqual({ 'nDCG@10': 0, 'MRR@10': 0, 'Recall@100': 0 })
    expect(audit.rows[0].measures['MRR@10']).toBeCloseTo(0.75, 12)
    expect(audit.rows[0].measures['Recall@100']).toBeCloseTo(0.75, 12)
    expect(audit.rows[1].delta).toBeCloseTo(1 - audit.rows[0].measures['nDCG@10'], 12)
  })

  it('counts all judged documents in coverage, relevant or not', () => {
    expect(audit.rows.map(({ coverage }) => coverage)).toEqual([(1 + 0.5) / 2, (0.5 + 1) / 2, (0.5 + 0) / 2])
  })

  it('agrees with the judgments on pairs of the candidates, ties counting half', () => {
    // Query 0: candidates 1 2 3, pairs (1, 2), (1, 3). Query 1: candidates 5 6 7 8, pairs (5 6) × (7 8).
    const [frozen, good, bad] = audit.rows.map(({ agreement }) => agreement)
    // (1, 2) right, (1, 3) wrong; 6 above both, 5 below both.
    expect(frozen).toBeCloseTo((1 / 2 + 2 / 4) / 2, 12)
    expect(good).toBeCloseTo(1, 12)
    // 1 below both; 8 above 5 and 6, 7 tied with both.
    expect(bad).toBeCloseTo((0 + (0.5 + 0.5) / 4) / 2, 12)
  })

  it('compares teachers on pairs of documents that both name', () => {
    // Query 0: 3 and 1, turned round. Query 1: 6 and 7, alike.
    const [first, second] = audit.between
    expect(first).toEqual({ a: 'student', b: 'better', agreement: 0.5 })
    // Query 0: 3 and 2, alike. Query 1: 8 alone is no pair.
    expect(second).toEqual({ a: 'student', b: 'worse', agreement: 1 })
    expect(audit.between).toHaveLength(3)
  })

  it('gates a teacher that is worse than the student, unless it is asked for', () => {
    expect(audit.rows.map(({ gated }) => gated)).toEqual([false, false, true])
    expect(admittedTeachers(audit)).toEqual(['better'])
    expect(admittedTeachers(audit, ['worse'])).toEqual(['better', 'worse'])
    const copy = { ...student, name: 'copy' }
    const [, same] = auditSystems({ task: 't', queries, available: 2, student, teachers: [copy] }).rows
    expect(same).toMatchObject({ delta: 0, gated: false })
  })

  it('measures the first documents alone, but orders candidates by the whole list', () => {
    const filler = Array.from({ length: AUDIT_DEPTH }, (_, i) => 1000 + i)
    const late = system('late', [...filler, 1, 2])
    const early = system('early', [1, 2])
    const { rows } = auditSystems({
      task: 't',
      queries: queries.slice(0, 1),
      available: 1,
      student: late,
      teachers: [early],
    })
    expect(rows[0].measures['Recall@100']).toBe(0)
    expect(rows[0].coverage).toBe(0)
    // 1 below the 100 fillers, above 2.
    expect(rows[0].agreement).toBeCloseTo(1 / 101, 12)
  })

  it('says nothing about pairs where there are none', () => {
    const { rows, between } = auditSystems({
      task: 't',
      queries: [query(0, [[-1, 1]])],
      available: 1,
      student: system('student', []),
      teachers: [system('empty', [])],
    })
    expect(rows[0].agreement).toBeNull()
    expect(between[0].agreement).toBeNull()
  })
})

describe('judged queries', () => {
  const texts = { documents: ['a', 'b', 'c'], queries: ['q', 'r', 's'], own: [0, -1, -1] }
  const collection = makeCollection(
    'made',
    [
      {
        id: 'made',
        test: [
          [
            0,
            [
              [0, 3],
              [1, 1],
              [-1, 2],
              [2, -1],
            ],
          ],
          [1, [[1, 0]]],
          [2, [[2, 1]]],
        ],
      },
    ],
    texts,
  )
  const judgments = collection.judgments.get('made')?.get('test')

  it('keep missing and own documents in the ideal and nowhere else, and leave out queries without a relevant one', () => {
    const judged = judgedQueries(collection, judgments!)
    expect(judged.map((one) => one.query)).toEqual([0, 2])
    expect([...judged[0].ideal]).toEqual([3, 2, 1])
    expect([...judged[0].grades]).toEqual([
      [1, 1],
      [2, -1],
    ])
  })

  it('are the same few whatever their order in the file', () => {
    const [one] = judgedQueries(collection, judgments!, 1)
    expect(judgedQueries(collection, judgments!, 1)).toEqual([one])
    expect(judgedQueries(collection, judgments!, 2)).toHaveLength(2)
  })
})
