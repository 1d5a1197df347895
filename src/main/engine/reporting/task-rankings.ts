import type { Task } from '../datasets/collection'
import type { Qrels, ReadRun } from './read-trec'

/** What a run file and a set of test queries have of one another. */
export interface TaskRankings {
  /** Best first, by the dataset's query id. */
  readonly rankings: Map<string, readonly string[]>
  /** Fields of the file's query column that were used. */
  readonly used: Set<string>
}

/**
 * A task's queries in a run file: by their id, or by `<task>|<query>` as we write them where several tasks share a file. A
 * query's own document leaves its ranking, as everywhere.
 */
export function rankingsOfTask(
  { rankings }: ReadRun,
  { id, collection }: Task,
  queries: readonly string[],
): TaskRankings {
  const found: TaskRankings = { rankings: new Map(), used: new Set() }
  const rows = new Map(collection.queries.ids.map((query, row) => [query, row]))
  for (const query of queries) {
    const field = [`${id}|${query}`, query].find((one) => rankings.has(one))
    if (field === undefined) continue
    const row = rows.get(query)
    const own = row === undefined ? -1 : collection.ownDocument[row]
    const ownId = own < 0 ? null : collection.documents.ids[own]
    found.rankings.set(
      query,
      rankings.get(field)!.documents.filter((document) => document !== ownId),
    )
    found.used.add(field)
  }
  return found
}

/** A task's test judgments by ids. Documents that the corpus lacks have no id of their own; each stays one document. */
export function qrelsOfTask({ collection, test }: Task): Qrels {
  const qrels = new Map<string, Map<string, number>>()
  for (let i = 0; i < test.queries.length; i++) {
    const grades = new Map<string, number>()
    for (let j = test.offsets[i]; j < test.offsets[i + 1]; j++) {
      const document = test.documents[j]
      grades.set(document < 0 ? `\0${j}` : collection.documents.ids[document], test.grades[j])
    }
    qrels.set(collection.queries.ids[test.queries[i]], grades)
  }
  return qrels
}
