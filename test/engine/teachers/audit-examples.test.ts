import { describe, expect, it } from 'vitest'
import type { AuditedSystem } from '../../../src/main/engine/teachers/audit'
import { exampleQueries } from '../../../src/main/engine/teachers/audit-examples'
import type { JudgedQuery } from '../../../src/main/engine/teachers/judged-queries'

/** A system that puts the one relevant document, 0, at these places. */
function system(name: string, places: readonly number[]): AuditedSystem {
  const rankings = places.map((place) => {
    const documents = Int32Array.from({ length: 12 }, (_, at) => (at === place ? 0 : at + 1))
    return { documents, scores: Float32Array.from(documents, (_, at) => -at) }
  })
  return { name, rankings, millisecondsPerQuery: 0 }
}

const queries = (count: number): JudgedQuery[] =>
  Array.from({ length: count }, (_, query) => ({
    query,
    grades: new Map([
      [0, 1],
      [3, 0],
    ]),
    ideal: Float32Array.of(1),
  }))

const chosen = (student: readonly number[], ...teachers: readonly (readonly number[])[]) =>
  exampleQueries(
    system('student', student),
    teachers.map((places, t) => system(`t${t}`, places)),
    queries(student.length),
  )

describe('the example queries of an audit', () => {
  it('are those that a teacher wins by most, then those that one loses by most', () => {
    const student = [5, 5, 5, 5, 0, 0, 0, 0, 2]
    const teacher = [0, 1, 2, 3, 9, 8, 1, 2, 2]
    expect(chosen(student, teacher).map(({ query }) => query)).toEqual([0, 1, 2, 4, 5, 7])
    const other = [5, 5, 5, 0, 0, 0, 0, 0, 2]
    expect(chosen(student, teacher, other).map(({ query }) => query)).toEqual([0, 3, 1, 4, 5, 7])
  })

  it('are of one kind where there is no other, and none where all are alike', () => {
    expect(chosen([5, 5, 5, 5], [0, 1, 2, 3]).map(({ query }) => query)).toEqual([0, 1, 2, 3])
    expect(chosen([1, 2], [1, 2])).toEqual([])
  })

  it('show what each system puts first, with the grades that are known', () => {
    const [{ rankings }] = chosen([1], [0])
    expect(rankings.map(({ name, score }) => [name, Number(score.toFixed(3))])).toEqual([
      ['student', 0.631],
      ['t0', 1],
    ])
    expect(rankings[1].documents).toEqual([
      { document: 0, grade: 1 },
      { document: 2, grade: null },
      { document: 3, grade: 0 },
      { document: 4, grade: null },
      { document: 5, grade: null },
    ])
  })
})
