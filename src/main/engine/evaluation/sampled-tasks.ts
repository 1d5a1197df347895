import { randomStream, shuffled } from '../numeric/random'
import type { EncodedTask } from '../preferences/encoded-collection'
import { exampleCounts } from './shown-card'

/** What is asked beside a verdict is asked of no more tasks than this. */
const MOST_TASKS = 40

export interface TaskSample<One> {
  /** In their own order. */
  readonly tasks: readonly One[]
  /** How many there are. */
  readonly from: number
}

/** The tasks that can be shown so many examples and have queries to judge; of many a sample by the seed. @param use of the random stream */
export function sampledTasks<One extends Pick<EncodedTask, 'task'>>(
  tasks: readonly One[],
  options: {
    readonly examples: number
    readonly split: 'test' | 'dev'
    readonly seed: number
    readonly use: string
  },
): TaskSample<One> {
  const { examples, split, seed, use } = options
  const all = tasks.filter(
    (one) => one.task[split].queries.length > 0 && exampleCounts(one).includes(examples),
  )
  const drawn = new Set(shuffled(all, randomStream(seed, use)).slice(0, MOST_TASKS))
  return { tasks: all.filter((one) => drawn.has(one)), from: all.length }
}
