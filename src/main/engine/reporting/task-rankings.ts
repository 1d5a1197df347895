import type { Task } from '../datasets/collection'
import { isRunField, runField } from '../formats/run-field'
import type { Qrels, ReadRun } from './read-trec'

/** The queries of a task that are scored. */
export type ScoredSplit = 'test' | 'dev'

/** What a run file and a set of queries have of one another. */
export interface TaskRankings {
  /** Best first, by the dataset's query id; documents by the dataset's ids. */
  readonly rankings: Map<string, readonly string[]>
  /** Fields of the file's query column that were used. */
  readonly used: Set<string>
}

/**
 * A task's queries in a run file: by their id, or by `<task>|<query>` as we write them where several tasks share a file,
 * whichever finds more of them: an id may itself hold a `|`. Ids that no field can hold are known by their escaped form. A
 * query's own document leaves its ranking, as everywhere.
 */
export function rankingsOfTask(
  { rankings }: ReadRun,
  task: Task,
  queries: readonly string[],
  split: ScoredSplit = 'test',
): TaskRankings {
  const { id, collection } = task
  const found: TaskRankings = { rankings: new Map(), used: new Set() }
  const rows = new Map(collection.queries.ids.map((query, row) => [query, row]))
  const fieldIn = (name: (query: string) => string) =>
    queries.map((query) => [runField(name(query)), name(query)].find((field) => rankings.has(field)))
  const [named, bare] = [fieldIn((query) => `${id}|${query}`), fieldIn((query) => query)]
  const count = (fields: readonly unknown[]) => fields.filter((field) => field !== undefined).length
  const fields = count(named) >= count(bare) ? named : bare
  const idOf = documentNames(task, split)
  for (const [i, query] of queries.entries()) {
    const field = fields[i]
    if (field === undefined) continue
    const row = rows.get(query)
    const own = row === undefined ? -1 : collection.ownDocument[row]
    const ownId = own < 0 ? null : collection.documents.ids[own]
    found.rankings.set(
      query,
      rankings
        .get(field)!
        .documents.map(idOf)
        .filter((document) => document !== ownId),
    )
    found.used.add(field)
  }
  return found
}

/** The id of a judged or own document by its field; any other may keep its field as a name, since it counts for nothing. */
function documentNames(task: Task, split: ScoredSplit): (field: string) => string {
  const { collection, [split]: judged } = task
  const escaped = new Map<string, string>()
  const own = judged.queries.map((query) => collection.ownDocument[query])
  for (const document of [...judged.documents, ...own]) {
    const id = collection.documents.ids[document]
    if (id !== undefined && !isRunField(id)) escaped.set(runField(id), id)
  }
  return (field) => escaped.get(field) ?? field
}

/** A task's judgments of a split by ids. Documents that the corpus lacks have no id of their own; each stays one document. */
export function qrelsOfTask(task: Task, split: ScoredSplit = 'test'): Qrels {
  const { collection, [split]: judged } = task
  const qrels = new Map<string, Map<string, number>>()
  for (let i = 0; i < judged.queries.length; i++) {
    const grades = new Map<string, number>()
    for (let j = judged.offsets[i]; j < judged.offsets[i + 1]; j++) {
      const document = judged.documents[j]
      grades.set(document < 0 ? `\0${j}` : collection.documents.ids[document], judged.grades[j])
    }
    qrels.set(collection.queries.ids[judged.queries[i]], grades)
  }
  return qrels
}
