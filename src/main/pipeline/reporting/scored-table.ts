import type { Cards } from '../../../shared/ladder'
import type { RunRecord } from '../../../shared/schemas/run'
import type { Verdict, VerdictRow } from '../../../shared/schemas/verdict'
import type { QueryScores } from '../../workspace/runs/run-results'

/** One table of one run with the scores of its queries. */
export interface ScoredTable {
  readonly run: RunRecord
  readonly verdict: Verdict
  readonly cards: Cards
  readonly examples: number
  readonly rows: readonly VerdictRow[]
  /** Query ids by task, in the verdict's order of tasks. */
  readonly queries: ReadonlyMap<string, readonly string[]>
  /** scores[task][query][row][measure] */
  readonly scores: ReadonlyMap<string, readonly Record<string, Record<string, number>>[]>
  /** By task, of each query, whether a train query touched what it asks for. */
  readonly documents: ReadonlyMap<string, readonly QueryScores['documents'][]>
}

/** Scores of a row, task after task, each [queries]. */
export function columnOf(
  table: Pick<ScoredTable, 'scores'>,
  tasks: readonly string[],
  row: string,
  measure: string,
): Float64Array[] {
  return tasks.map((task) => Float64Array.from(table.scores.get(task)!, (line) => line[row][measure]))
}

/** [tasks] clusters of the verdict's. */
export function clustersIn(verdict: Verdict, tasks: readonly string[]): number[] {
  const cluster = new Map(verdict.tasks.map((task, i) => [task, verdict.clusters[i]]))
  return tasks.map((task) => cluster.get(task)!)
}
