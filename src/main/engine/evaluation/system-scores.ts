import type { SystemName } from '../../../shared/system-name'
import type { Judgments } from '../datasets/collection'
import type { Measure } from '../measures/measure'
import { idHash } from '../numeric/random'
import type { EncodedTask } from '../preferences/encoded-collection'
import type { CorpusIndex, Ranking } from '../retrieval/corpus-index'
import { meanOf } from '../statistics/inference'
import { type RankingOrder, rankSystems } from './rank-systems'
import type { ShownCard } from './shown-card'
import { isFused, type System } from './system'

/** One system's scores on one task, query by query; every system of an evaluation has the same queries in the same order. */
interface TaskScores {
  readonly task: EncodedTask
  /** Query rows of the collection. */
  readonly queries: Int32Array
  /** Per measure, [queries] */
  readonly values: ReadonlyMap<string, Float64Array>
  /** In which all systems ranked these queries. */
  readonly seconds: number
}

export interface SystemScores extends SystemName {
  readonly tasks: readonly TaskScores[]
}

export interface ScoreOptions {
  readonly systems: readonly System[]
  readonly tasks: readonly EncodedTask[]
  readonly split: 'dev' | 'test'
  /** Queries of a task above this number are left out, by sha1(query id). */
  mostQueries(task: EncodedTask): number
  readonly measures: readonly Measure[]
  readonly depth: number
  card(task: EncodedTask): ShownCard
  /** The card whose documents are hidden, where it is not the one that is shown. */
  hides?(task: EncodedTask): ShownCard
  index(task: EncodedTask): Promise<CorpusIndex>
  /** BM25 of a query row with every document, [documents]; needed by lexical and fused systems. */
  lexical?(task: EncodedTask, query: number): Float32Array
  readonly signal?: AbortSignal
  onTask?(done: number, total: number): void
  /** Every ranking made, for run files. */
  onRankings?(system: System, task: EncodedTask, queries: Int32Array, rankings: readonly Ranking[]): void
}

/** Queries of a task that count in a test: with at least one relevant document after what the card shows is hidden. */
interface TestQueries {
  readonly queries: Int32Array
  /** Index into the judgments, per query. */
  readonly indices: Int32Array
  /** Per query, all positive grades in descending order. */
  readonly ideals: readonly Float32Array[]
  /** Per query, documents judged with grade 0. */
  readonly notRelevant: Int32Array
}

function testQueries(
  task: EncodedTask,
  judgments: Judgments,
  hidden: ReadonlySet<number>,
  shown: readonly number[],
  most: number,
): TestQueries {
  const ids = task.task.collection.queries.ids
  const all = Array.from(judgments.queries, (query, index) => ({
    query,
    index,
    key: idHash('', ids[query]),
  })).filter(({ query }) => !shown.includes(query))
  if (all.length > most) all.sort((a, b) => (a.key < b.key ? -1 : 1))
  const kept: { query: number; index: number; ideal: Float32Array; notRelevant: number }[] = []
  for (const { query, index } of all.slice(0, most)) {
    const grades: number[] = []
    let notRelevant = 0
    for (let j = judgments.offsets[index]; j < judgments.offsets[index + 1]; j++) {
      if (hidden.has(judgments.documents[j])) continue
      if (judgments.grades[j] > 0) grades.push(judgments.grades[j])
      else if (judgments.grades[j] === 0) notRelevant++
    }
    if (grades.length === 0) continue
    kept.push({ query, index, ideal: Float32Array.from(grades).sort().reverse(), notRelevant })
  }
  return {
    queries: Int32Array.from(kept, ({ query }) => query),
    indices: Int32Array.from(kept, ({ index }) => index),
    ideals: kept.map(({ ideal }) => ideal),
    notRelevant: Int32Array.from(kept, ({ notRelevant }) => notRelevant),
  }
}

/** Scores every system on the same queries of the same tasks with the same documents hidden. */
export async function scoreSystems(options: ScoreOptions): Promise<SystemScores[]> {
  const { systems, split, depth, index, lexical, signal } = options
  const results: TaskScores[][] = systems.map(() => [])
  const askedOf = new Map<RankingOrder, TestQueries>()
  function* orders(): Generator<RankingOrder> {
    for (const task of options.tasks) {
      const card = options.card(task)
      const { hideShown } = task.task.collection.protocol
      const { documents, queries } = options.hides?.(task) ?? card
      const hidden = hideShown ? documents : []
      const shown = hideShown ? queries : []
      const asked = testQueries(task, task.task[split], new Set(hidden), shown, options.mostQueries(task))
      const order = { task, card, queries: asked.queries, hidden }
      askedOf.set(order, asked)
      yield order
    }
  }
  let done = 0
  const ranked = rankSystems(orders(), { systems, depth, index, lexical, signal })
  for await (const { order, rankings, seconds } of ranked) {
    const { task, queries } = order
    const asked = askedOf.get(order)!
    askedOf.delete(order)
    if (queries.length > 0) {
      for (let a = 0; a < systems.length; a++) {
        const values = measureRankings(rankings[a], task.task[split], asked, options.measures)
        results[a].push({ task, queries, values, seconds })
        options.onRankings?.(systems[a], task, queries, rankings[a])
      }
    }
    options.onTask?.(++done, options.tasks.length)
  }
  return systems.map((system, a) => ({ row: system.name, bm25: isFused(system), tasks: results[a] }))
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
    const grades = Float32Array.from(rankings[i].documents, (document) => grade.get(document) ?? Number.NaN)
    const ranked = { grades, ideal: asked.ideals[i], notRelevant: asked.notRelevant[i] }
    for (const measure of measures) values.get(measure.name)![i] = measure.score(ranked)
  }
  return values
}

/** Mean over tasks, each task once, of one measure. */
export function meanOverTasks(scores: SystemScores, measure: string): number {
  let sum = 0
  for (const task of scores.tasks) sum += meanOf(task.values.get(measure)!)
  return scores.tasks.length ? sum / scores.tasks.length : 0
}
