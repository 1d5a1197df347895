import { parseMeasure } from '../measures/index'
import type { AuditedSystem } from './audit'
import type { JudgedQuery } from './judged-queries'

/** Queries on which teachers are seen side by side, half of either kind. */
const MOST = 6
/** Documents of each list that are seen. */
const SEEN = 5
const MEASURE = parseMeasure('nDCG@10')

/** What each system ranks first for one query, by rows of the collection. */
export interface ExampleQuery {
  readonly query: number
  readonly rankings: readonly {
    readonly name: string
    /** nDCG@10 of this query. */
    readonly score: number
    /** Grade null: nobody judged it. */
    readonly documents: readonly { readonly document: number; readonly grade: number | null }[]
  }[]
}

/**
 * The queries on which a teacher's order differs most from the student's by nDCG@10: those that one wins by most, then those
 * that one loses by most. Equal ones in the order of the queries; where all are alike, there is none.
 */
export function exampleQueries(
  student: AuditedSystem,
  teachers: readonly AuditedSystem[],
  queries: readonly JudgedQuery[],
): ExampleQuery[] {
  const systems = [student, ...teachers]
  const scored = queries.map(({ grades, ideal }, place) => {
    const scores = systems.map(({ rankings }) => {
      const listed = Array.from(rankings[place].documents, (document) => grades.get(document) ?? 0)
      return MEASURE.score({ grades: listed, ideal })
    })
    const leads = scores.slice(1).map((score) => score - scores[0])
    const lead = leads.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0)
    return { place, scores, lead }
  })
  const byLead = scored.filter(({ lead }) => lead !== 0).sort((a, b) => b.lead - a.lead || a.place - b.place)
  const won = byLead.filter(({ lead }) => lead > 0)
  const lost = byLead.filter(({ lead }) => lead < 0).reverse()
  const half = MOST / 2
  const chosen = [
    ...won.slice(0, Math.max(half, MOST - lost.length)),
    ...lost.slice(0, Math.max(half, MOST - won.length)),
  ]
  return chosen.map(({ place, scores }) => ({
    query: queries[place].query,
    rankings: systems.map(({ name, rankings }, s) => ({
      name,
      score: scores[s],
      documents: Array.from(rankings[place].documents.subarray(0, SEEN), (document) => ({
        document,
        grade: queries[place].grades.get(document) ?? null,
      })),
    })),
  }))
}
