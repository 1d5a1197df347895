import type { Evidence, HandedHead, HandOutDecision } from '../../../../shared/schemas/runs/hand-out'
import { meanOf } from '../../statistics/inference'
import { studentInterval } from '../../statistics/student-interval'

/** A system's scores on dev, task by task, each [queries]; all that are compared have the same tasks and queries. */
export type DevScores = readonly Float64Array[]

/** A head with its scores on dev. */
export interface ScoredHead {
  readonly head: HandedHead
  readonly tasks: DevScores
}

/** Over what an interval is: the queries of one task, or the means of several tasks, or of clusters of them. */
export interface EvidenceUnit {
  readonly unit: HandOutDecision['unit']
  /** [tasks] cluster of each task: overlapping tasks say one thing twice */
  readonly clusters?: readonly number[]
}

/**
 * The head whose lead over the frozen encoder is greatest at the lower end of its 95 % interval. The frozen encoder's own lead is
 * 0 without doubt, so a head that is not better by more than noise is never chosen; of equal ones the earlier is.
 * @param heads the frozen encoder first
 */
export function chooseHead(
  heads: readonly ScoredHead[],
  unit: EvidenceUnit,
): Pick<HandOutDecision, 'chosen' | 'candidates'> {
  const [frozen] = heads
  const evidence = heads.map(({ tasks }) => evidenceOf(tasks, frozen.tasks, unit))
  const candidates = heads.map(({ head }, i) => ({ ...head, ...evidence[i] }))
  return { chosen: heads[surest(evidence)].head, candidates }
}

/**
 * BM25's share beside the head that was chosen, by the same rule: leads are over the frozen encoder.
 * @param shares of the head, 0 first  @param frozen on the same queries
 */
export function chooseShare(
  shares: readonly { readonly share: number; readonly tasks: DevScores }[],
  frozen: DevScores,
  unit: EvidenceUnit,
): Pick<NonNullable<HandOutDecision['bm25']>, 'share' | 'candidates'> {
  const evidence = shares.map(({ tasks }) => evidenceOf(tasks, frozen, unit))
  const candidates = shares.map(({ share }, i) => ({ share, ...evidence[i] }))
  return { share: shares[surest(evidence)].share, candidates }
}

/** Lead over the frozen encoder, with Student's interval over the units. */
function evidenceOf(tasks: DevScores, frozen: DevScores, { unit, clusters }: EvidenceUnit): Evidence {
  const differences = tasks.map((values, t) => values.map((value, i) => value - frozen[t][i]))
  const units = unit === 'queries' ? differences.flatMap((one) => [...one]) : unitMeans(differences, clusters)
  const { mean: lead, low, high } = studentInterval(units)
  return { mean: meanOf(tasks.map(meanOf)), lead, low, high }
}

/** Place of the greatest lower end above 0; 0 where there is none. */
function surest(evidence: readonly Evidence[]): number {
  let chosen = 0
  let floor = 0
  evidence.forEach(({ low }, i) => {
    if (low === null || low <= floor) return
    chosen = i
    floor = low
  })
  return chosen
}

function unitMeans(tasks: DevScores, clusters: readonly number[] = tasks.map((_, task) => task)): number[] {
  const means = new Map<number, number[]>()
  tasks.forEach((values, t) => {
    means.set(clusters[t], [...(means.get(clusters[t]) ?? []), meanOf(values)])
  })
  return [...means.values()].map(meanOf)
}
