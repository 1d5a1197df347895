import type { Candidate, HandedHead, HandOutDecision } from '../../../../shared/schemas/runs/hand-out'
import { meanOf } from '../../statistics/inference'
import { studentInterval } from '../../statistics/student-interval'

/** A head with its scores on dev, task by task, each [queries]; every head has the same tasks and queries. */
export interface ScoredHead {
  readonly head: HandedHead
  readonly tasks: readonly Float64Array[]
}

/**
 * The head whose lead over the frozen encoder is greatest at the lower end of its 95 % interval. The frozen encoder's own lead is
 * 0 without doubt, so a head that is not better by more than noise is never chosen; of equal ones the earlier is.
 *
 * The interval is Student's, over the queries of one task, or over the means of several tasks or of clusters of them.
 * @param heads the frozen encoder first  @param clusters [tasks] cluster of each task: overlapping tasks say one thing twice
 */
export function chooseHead(
  heads: readonly ScoredHead[],
  unit: HandOutDecision['unit'],
  clusters?: readonly number[],
): Pick<HandOutDecision, 'chosen' | 'candidates'> {
  const [frozen] = heads
  const candidates: Candidate[] = heads.map(({ head, tasks }) => {
    const differences = tasks.map((values, t) => values.map((value, i) => value - frozen.tasks[t][i]))
    const units =
      unit === 'queries' ? differences.flatMap((one) => [...one]) : unitMeans(differences, clusters)
    const { mean: lead, low, high } = studentInterval(units)
    return { ...head, mean: meanOf(tasks.map(meanOf)), lead, low, high }
  })
  let chosen = 0
  let floor = 0
  candidates.forEach(({ low }, i) => {
    if (low === null || low <= floor) return
    chosen = i
    floor = low
  })
  return { chosen: heads[chosen].head, candidates }
}

function unitMeans(
  tasks: readonly Float64Array[],
  clusters: readonly number[] = tasks.map((_, task) => task),
): number[] {
  const means = new Map<number, number[]>()
  tasks.forEach((values, t) => {
    means.set(clusters[t], [...(means.get(clusters[t]) ?? []), meanOf(values)])
  })
  return [...means.values()].map(meanOf)
}
