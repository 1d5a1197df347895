import type { JobEvent } from '../../../shared/schemas/job'
import type { Task } from '../../engine/datasets/collection'
import { SEEN_TASKS_TESTED } from '../../engine/evaluation/ladder'

type StageCost = Extract<JobEvent, { type: 'cost' }>

/** What a stage took, said when it ends, with the memory of the process that says it. */
export function stageCost(cost: Pick<StageCost, 'run' | 'stage' | 'seconds' | 'work'>, now: Date): StageCost {
  // Kilobytes, on every platform.
  const memoryBytes = process.resourceUsage().maxRSS * 1024
  return { type: 'cost', at: now.getTime(), ...cost, memoryBytes }
}

/** Queries times documents that one row of the ladder ranks: what the work of an evaluation grows with. */
export function rankedPairs(seen: readonly Task[], unseen: readonly Task[]): number {
  const mean = seen.reduce((sum, task) => sum + pairsOf(task), 0) / Math.max(1, seen.length)
  return (
    mean * Math.min(SEEN_TASKS_TESTED, seen.length) + unseen.reduce((sum, task) => sum + pairsOf(task), 0)
  )
}

function pairsOf({ test, collection }: Task): number {
  const most = collection.protocol.testQueriesPerTask ?? Number.POSITIVE_INFINITY
  return Math.min(test.queries.length, most) * collection.documents.ids.length
}
