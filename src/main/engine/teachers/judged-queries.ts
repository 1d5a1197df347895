import type { Collection, Judgments } from '../datasets/collection'
import { idHash } from '../numeric/random'

/** A query with at least one relevant document, and all that is judged of it. */
export interface JudgedQuery {
  /** Row of the collection's queries. */
  readonly query: number
  /** Grade of each judged document of the corpus, without the query's own. */
  readonly grades: ReadonlyMap<number, number>
  /** All positive grades in descending order, also of documents that the corpus lacks, as in trec_eval. */
  readonly ideal: Float32Array
}

/** The queries of a split that count in a measure: at most `most`, those with the smallest sha1(id) (docs/method.md#audit). */
export function judgedQueries(
  { queries: { ids }, ownDocument }: Collection,
  judgments: Judgments,
  most = Number.POSITIVE_INFINITY,
): JudgedQuery[] {
  const judged: (JudgedQuery & { key: string })[] = []
  judgments.queries.forEach((query, at) => {
    const grades = new Map<number, number>()
    const positive: number[] = []
    for (let i = judgments.offsets[at]; i < judgments.offsets[at + 1]; i++) {
      const document = judgments.documents[i]
      const grade = judgments.grades[i]
      if (grade > 0) positive.push(grade)
      if (document >= 0 && document !== ownDocument[query]) grades.set(document, grade)
    }
    if (positive.length === 0) return
    const ideal = Float32Array.from(positive).sort().reverse()
    judged.push({ query, grades, ideal, key: idHash('', ids[query]) })
  })
  if (judged.length <= most) return judged
  return judged.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, most)
}
