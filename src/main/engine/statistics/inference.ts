import type { Unit } from '../../../shared/unit'
import { randomStream } from '../numeric/random'
import { type PairedStatistics, pairedStatistics, stratifiedStatistics } from './paired-statistics'
import {
  bootstrapClusters,
  bootstrapMeans,
  bootstrapStrata,
  type Interval,
  randomisationTests,
} from './resampling'

/** Scores or differences, task after task, each [queries]; every column of an inference has the same shape. */
export type TaskColumns = readonly Float64Array[]

/** Fewer tasks than this are no sample of tasks: with four of them no sign pattern has a p below .125. */
export const FEW_TASKS = 10

/** Which units the tasks of a table are a sample of. */
export interface Sampling {
  readonly unit: Exclude<Unit, 'pooled queries'>
  /** [tasks] cluster of each task; tasks of one cluster overlap for the larger part and say the same thing twice. */
  readonly clusters: readonly number[]
  /** Units that are drawn: queries, tasks or clusters. */
  readonly n: number
}

/**
 * The unit of a table, the same for its intervals and its p-values (docs/method.md#the-unit-of-inference).
 * @param queries [tasks] number of queries of each task  @param clusters [tasks]; each task its own unless said
 */
export function samplingOf(
  queries: readonly number[],
  clusters: readonly number[] = queries.map((_, task) => task),
): Sampling {
  const all = queries.reduce((sum, count) => sum + count, 0)
  if (queries.length <= 1) return { unit: 'queries', clusters, n: all }
  const distinct = new Set(clusters).size
  if (distinct < FEW_TASKS) return { unit: 'queries within tasks', clusters, n: all }
  return { unit: distinct < queries.length ? 'clusters of tasks' : 'tasks', clusters, n: distinct }
}

/** Means over tasks, each task once, with their 95 % intervals: one for each column, all from the same draws. */
export function intervalsOf(
  columns: readonly TaskColumns[],
  sampling: Sampling,
  { seed, use, draws }: { readonly seed: number; readonly use: string; readonly draws?: number },
): Interval[] {
  const random = randomStream(seed, use)
  switch (sampling.unit) {
    case 'queries within tasks':
      return bootstrapStrata(columns, random, draws)
    case 'clusters of tasks':
      return bootstrapClusters(columns.map(taskMeans), sampling.clusters, random, draws)
    case 'tasks':
      return bootstrapMeans(columns.map(taskMeans), random, draws)
    case 'queries':
      return bootstrapMeans(
        columns.map(([queries]) => queries),
        random,
        draws,
      )
  }
}

export interface Inference extends Interval, Omit<PairedStatistics, 'mean'> {
  /** Two-sided paired randomisation test. */
  readonly p: number
}

/** What is to be said of paired differences a − b, one inference for each column. */
export function inferencesOf(columns: readonly TaskColumns[], sampling: Sampling, seed: number): Inference[] {
  const { unit } = sampling
  const intervals = intervalsOf(columns, sampling, { seed, use: `bootstrap/${unit}` })
  const flipped = columns.map((tasks) => flippedUnits(tasks, sampling))
  const ps = randomisationTests(flipped, randomStream(seed, `randomisation/${unit}`))
  return columns.map((tasks, c) => {
    const { student, effect, detectable } =
      unit === 'queries within tasks' ? stratifiedStatistics(tasks) : pairedStatistics(flipped[c])
    return { ...intervals[c], p: ps[c], n: sampling.n, student, effect, detectable }
  })
}

/** One value per unit whose sign is drawn; their mean is the mean over tasks. */
function flippedUnits(tasks: TaskColumns, { unit, clusters, n }: Sampling): Float64Array {
  if (unit === 'queries') return tasks[0]
  if (unit === 'tasks') return taskMeans(tasks)
  if (unit === 'queries within tasks')
    return Float64Array.from(
      tasks.flatMap((values) => Array.from(values, (value) => (value * n) / (tasks.length * values.length))),
    )
  const place = new Map([...new Set(clusters)].map((cluster, i) => [cluster, i]))
  const sums = new Float64Array(n)
  taskMeans(tasks).forEach((mean, task) => {
    sums[place.get(clusters[task])!] += (mean * n) / tasks.length
  })
  return sums
}

/** Differences or scores as the units of a sampling, each stratum by itself; the mean over strata is the mean over tasks. */
export function strataOf(tasks: TaskColumns, sampling: Sampling): TaskColumns {
  return sampling.unit === 'queries within tasks' ? tasks : [flippedUnits(tasks, sampling)]
}

function taskMeans(tasks: TaskColumns): Float64Array {
  return Float64Array.from(tasks, meanOf)
}

/** 0 for none. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return values.length ? sum / values.length : 0
}
