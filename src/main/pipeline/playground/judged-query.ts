import type { JudgedQuery } from '../../../shared/schemas/playground'
import type { Collection, Judgments, Task } from '../../engine/datasets/collection'
import { listTasks } from '../../engine/datasets/tasks'
import { parseMeasure } from '../../engine/measures'

const SPLITS = ['dev', 'test', 'train'] as const
const NDCG = parseMeasure('nDCG@10')

/** What is known of one query of a task. */
export interface QueryJudgments {
  /** Grade of each judged document of the corpus. */
  readonly grades: ReadonlyMap<number, number>
  /** All positive grades in descending order, of documents that the corpus lacks too. */
  readonly ideal: readonly number[]
}

const rowsByText = new WeakMap<Collection, Map<string, number[]>>()

/** Rows of the collection's queries that read so. */
export function queryRows(collection: Collection, text: string): readonly number[] {
  let rows = rowsByText.get(collection)
  if (!rows) {
    rows = new Map()
    for (const [row, known] of collection.queries.texts.entries()) {
      const same = rows.get(known.trim())
      if (same) same.push(row)
      else rows.set(known.trim(), [row])
    }
    rowsByText.set(collection, rows)
  }
  return rows.get(text) ?? []
}

/** The judgments of a typed query by a task that was asked this very query; null where it was not. */
export function judgmentsOf(task: Task | undefined, rows: readonly number[]): QueryJudgments | null {
  if (!task) return null
  for (const split of SPLITS) {
    const judged = task[split]
    const at = judged.queries.findIndex((row) => rows.includes(row))
    if (at < 0) continue
    const own = task.collection.ownDocument[judged.queries[at]]
    const grades = new Map<number, number>()
    const ideal: number[] = []
    for (let j = judged.offsets[at]; j < judged.offsets[at + 1]; j++) {
      const document = judged.documents[j]
      if (document === own && own >= 0) continue
      if (document >= 0) grades.set(document, judged.grades[j])
      if (judged.grades[j] > 0) ideal.push(judged.grades[j])
    }
    return { grades, ideal: ideal.sort((a, b) => b - a) }
  }
  return null
}

/** nDCG@10 of a ranking, null where the query has no relevant document. */
export function ndcgOf(documents: ArrayLike<number>, judged: QueryJudgments | null): number | null {
  if (!judged || judged.ideal.length === 0) return null
  const grades = Array.from(documents, (document) => judged.grades.get(document) ?? 0)
  return NDCG.score({ grades, ideal: judged.ideal })
}

export function taskNamed(collection: Collection, id: string | undefined): Task | undefined {
  return id === undefined ? undefined : listTasks(collection).find((task) => task.id === id)
}

/**
 * Queries of a task to try, those with most relevant documents first. Of dev where there is one, so that looking costs no
 * test.
 */
export function judgedQueries(task: Task, most: number): JudgedQuery[] {
  const split = SPLITS.find((name) => task[name].queries.length > 0)
  if (!split) return []
  const judged = task[split]
  const { ids, texts } = task.collection.queries
  return Array.from(judged.queries, (row, at) => ({
    id: ids[row],
    text: texts[row],
    split,
    relevant: relevantCount(judged, at),
  }))
    .filter(({ relevant }) => relevant > 0)
    .sort((a, b) => b.relevant - a.relevant)
    .slice(0, most)
}

function relevantCount(judged: Judgments, at: number): number {
  let count = 0
  for (let j = judged.offsets[at]; j < judged.offsets[at + 1]; j++)
    if (judged.grades[j] > 0 && judged.documents[j] >= 0) count++
  return count
}
