import type { Difference } from '../../../shared/verdict'
import { randomStream } from '../numeric/random'
import { type ArmScores, mean } from './arm-scores'
import { bootstrapMean, randomisationTest } from './resampling'

export interface PairOptions {
  readonly cards: 'seen' | 'unseen'
  readonly examples: number
  readonly measure: string
  readonly seed: number
}

/**
 * a − b on the same queries, as it stands over queries (pooled: would other queries say the same?) and, with more than one
 * task, over tasks (task means: would other tasks?). Positive: a is better.
 */
export function pairedDifferences(a: ArmScores, b: ArmScores, options: PairOptions): Difference[] {
  const byTask = a.tasks.map((task, t) => {
    const x = task.values.get(options.measure)!
    const y = b.tasks[t].values.get(options.measure)!
    return x.map((value, i) => value - y[i])
  })
  const queries = Float64Array.from(byTask.flatMap((values) => [...values]))
  const units: [Difference['over'], Float64Array][] = [['queries', queries]]
  if (byTask.length > 1) units.push(['tasks', Float64Array.from(byTask, mean)])
  return units.map(([over, values]) => {
    const stream = (use: string) => randomStream(options.seed, `${use}/${over}`)
    const interval = bootstrapMean(values, stream('bootstrap'))
    return {
      a: a.arm,
      b: b.arm,
      cards: options.cards,
      examples: options.examples,
      task: a.tasks.length === 1 ? a.tasks[0].task.task.id : null,
      measure: options.measure,
      over,
      delta: interval.value,
      low: interval.low,
      high: interval.high,
      p: randomisationTest(values, stream('randomisation')),
    }
  })
}
