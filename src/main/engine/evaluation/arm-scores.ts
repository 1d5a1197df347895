import { throwIfCancelled } from '../../../shared/errors'
import type { Judgments } from '../datasets/collection'
import type { Measure } from '../measures/measure'
import { createMatrix, gatherRows, type Matrix } from '../numeric/matrix'
import { idHash } from '../numeric/random'
import type { EncodedTask } from '../preferences/encoded-collection'
import type { CorpusIndex, Ranking } from '../retrieval/corpus-index'
import { hidesShownDocuments, type ShownCard } from './shown-card'

/** One way to turn a task's query vectors into what the index is asked. Rankings need directions only, so rows need no unit length. */
export interface Arm {
  readonly name: string
  transform(task: EncodedTask, card: ShownCard, queries: Matrix): Matrix
}

/** One arm's scores on one task, query by query; every arm of an evaluation has the same queries in the same order. */
export interface TaskScores {
  readonly task: EncodedTask
  /** Query rows of the collection. */
  readonly queries: Int32Array
  /** Per measure, [queries] */
  readonly values: ReadonlyMap<string, Float64Array>
}

export interface ArmScores {
  readonly arm: string
  readonly tasks: readonly TaskScores[]
}

export interface ScoreOptions {
  readonly arms: readonly Arm[]
  readonly tasks: readonly EncodedTask[]
  readonly split: 'dev' | 'test'
  /** Queries of a task above this number are left out, by sha1(query id): WordNet's ≤ 30. */
  readonly mostQueries: number
  readonly measures: readonly Measure[]
  readonly depth: number
  card(task: EncodedTask): ShownCard
  index(task: EncodedTask): Promise<CorpusIndex>
  readonly signal?: AbortSignal
  onTask?(done: number, total: number): void
  /** Every ranking made, for run files. */
  onRankings?(arm: string, task: EncodedTask, queries: Int32Array, rankings: readonly Ranking[]): void
}

/** Queries of a task that count in a test: with at least one relevant document after what the card shows is hidden. */
export interface TestQueries {
  readonly queries: Int32Array
  /** Index into the judgments, per query. */
  readonly indices: Int32Array
  /** Per query, all positive grades in descending order. */
  readonly ideals: readonly Float32Array[]
}

export function testQueries(
  task: EncodedTask,
  judgments: Judgments,
  hidden: ReadonlySet<number>,
  most: number,
): TestQueries {
  const ids = task.task.collection.queries.ids
  const all = Array.from(judgments.queries, (query, index) => ({ query, index, key: idHash('', ids[query]) }))
  if (all.length > most) all.sort((a, b) => (a.key < b.key ? -1 : 1))
  const kept: { query: number; index: number; ideal: Float32Array }[] = []
  for (const { query, index } of all.slice(0, most)) {
    const grades: number[] = []
    for (let j = judgments.offsets[index]; j < judgments.offsets[index + 1]; j++) {
      if (judgments.grades[j] > 0 && !hidden.has(judgments.documents[j])) grades.push(judgments.grades[j])
    }
    if (grades.length > 0) kept.push({ query, index, ideal: Float32Array.from(grades).sort().reverse() })
  }
  return {
    queries: Int32Array.from(kept, ({ query }) => query),
    indices: Int32Array.from(kept, ({ index }) => index),
    ideals: kept.map(({ ideal }) => ideal),
  }
}

/** Scores every arm on the same queries of the same tasks with the same documents hidden. */
export async function scoreArms(options: ScoreOptions): Promise<ArmScores[]> {
  const results: TaskScores[][] = options.arms.map(() => [])
  let done = 0
  for (const task of options.tasks) {
    throwIfCancelled(options.signal)
    const card = options.card(task)
    const shown = hidesShownDocuments(task) ? card.documents : []
    const judgments = task.task[options.split]
    const asked = testQueries(task, judgments, new Set(shown), options.mostQueries)
    const n = asked.queries.length
    if (n > 0) {
      const vectors = gatherRows(task.encoded.queries, asked.queries)
      const stacked = stack(options.arms.map((arm) => arm.transform(task, card, vectors)))
      const own = task.task.collection.ownDocument
      const index = await options.index(task)
      const rankings = await index.rank(stacked, {
        depth: options.depth,
        excluded: (row) => [own[asked.queries[row % n]], ...shown],
        signal: options.signal,
      })
      for (let a = 0; a < options.arms.length; a++) {
        const ranked = rankings.slice(a * n, (a + 1) * n)
        results[a].push({
          task,
          queries: asked.queries,
          values: measureRankings(ranked, judgments, asked, options.measures),
        })
        options.onRankings?.(options.arms[a].name, task, asked.queries, ranked)
      }
    }
    options.onTask?.(++done, options.tasks.length)
  }
  return options.arms.map((arm, a) => ({ arm: arm.name, tasks: results[a] }))
}

function measureRankings(
  rankings: readonly Ranking[],
  judgments: Judgments,
  asked: TestQueries,
  measures: readonly Measure[],
): Map<string, Float64Array> {
  const values = new Map(measures.map(({ name }) => [name, new Float64Array(rankings.length)]))
  const grade = new Map<number, number>()
  for (let i = 0; i < rankings.length; i++) {
    grade.clear()
    const at = asked.indices[i]
    for (let j = judgments.offsets[at]; j < judgments.offsets[at + 1]; j++)
      grade.set(judgments.documents[j], judgments.grades[j])
    const grades = Float32Array.from(rankings[i].documents, (document) => grade.get(document) ?? 0)
    for (const measure of measures)
      values.get(measure.name)![i] = measure.score({ grades, ideal: asked.ideals[i] })
  }
  return values
}

function stack(matrices: readonly Matrix[]): Matrix {
  const columns = matrices[0].columns
  const out = createMatrix(
    matrices.reduce((sum, { rows }) => sum + rows, 0),
    columns,
  )
  let offset = 0
  for (const { data } of matrices) {
    out.data.set(data, offset)
    offset += data.length
  }
  return out
}

/** Mean over tasks, each task once, of one measure. */
export function meanOverTasks(scores: ArmScores, measure: string): number {
  let sum = 0
  for (const task of scores.tasks) sum += mean(task.values.get(measure)!)
  return scores.tasks.length ? sum / scores.tasks.length : 0
}

export function mean(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return values.length ? sum / values.length : 0
}
