import type { Difference } from '../../../shared/verdict'
import { randomStream } from '../numeric/random'
import { type ArmScores, mean, rowKey } from './arm-scores'
import { bootstrapMeans, randomisationTests } from './resampling'

export interface DifferenceOptions {
  readonly cards: 'seen' | 'unseen'
  readonly examples: number
  readonly measures: readonly string[]
  readonly seed: number
}

/**
 * a minus each of the others, on the same queries: over queries (pooled: would other queries say the same?) and, with more
 * than one task, over tasks (task means: would other tasks?). Positive: a is better.
 */
export function pairedDifferences(
  a: ArmScores,
  others: readonly ArmScores[],
  options: DifferenceOptions,
): Difference[] {
  const pairs = options.measures.flatMap((measure) => others.map((b) => ({ measure, b })))
  const byTask = pairs.map(({ measure, b }) =>
    a.tasks.map((task, t) => {
      const other = b.tasks[t].values.get(measure)!
      return task.values.get(measure)!.map((value, i) => value - other[i])
    }),
  )
  const units: [Difference['over'], Float64Array[]][] = [
    ['queries', byTask.map((tasks) => Float64Array.from(tasks.flatMap((values) => [...values])))],
  ]
  if (a.tasks.length > 1) units.push(['tasks', byTask.map((tasks) => Float64Array.from(tasks, mean))])
  const results = units.map(([over, columns]) => {
    const stream = (use: string) => randomStream(options.seed, `${use}/${over}`)
    return {
      over,
      intervals: bootstrapMeans(columns, stream('bootstrap')),
      ps: randomisationTests(columns, stream('randomisation')),
    }
  })
  return pairs.flatMap(({ measure, b }, i) =>
    results.map(({ over, intervals, ps }) => ({
      a: rowKey(a.arm, a.bm25),
      b: rowKey(b.arm, b.bm25),
      cards: options.cards,
      examples: options.examples,
      task: a.tasks.length === 1 ? a.tasks[0].task.task.id : null,
      measure,
      over,
      delta: intervals[i].value,
      low: intervals[i].low,
      high: intervals[i].high,
      p: ps[i],
    })),
  )
}
