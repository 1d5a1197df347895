import type { Evidence, HandedHead, HandOutDecision } from '../../../../shared/schemas/runs/hand-out'
import { meanOf } from '../../statistics/inference'
import { studentInterval } from '../../statistics/student-interval'

/** A system's scores on dev, task by task, each [queries]; all that are compared have the same tasks and queries. */
export type DevScores = readonly Float64Array[]

/** A head with its scores on dev, alone and beside BM25. */
export interface ScoredHead {
  readonly head: HandedHead
  readonly tasks: DevScores
  /** By share, least first, and heeded where the head alone is sure; absent where BM25 was not tried beside it. */
  readonly beside?: readonly { readonly share: number; readonly tasks: DevScores }[]
}

/** Over what an interval is: the queries of one task, or the means of several tasks, or of clusters of them. */
export interface EvidenceUnit {
  readonly unit: HandOutDecision['unit']
  /** [tasks] cluster of each task: overlapping tasks say one thing twice */
  readonly clusters?: readonly number[]
}

/**
 * The head whose lead over the frozen encoder is greatest at the lower end of its 95 % interval; where BM25 was tried beside heads,
 * the head and the share of BM25 that have the greatest together: a part of a head may lead more surely alone, and the whole more
 * surely with BM25. The frozen encoder's own lead is 0 without doubt, so what is not better by more than noise is never chosen; of
 * equal ones the earlier is.
 * @param heads the frozen encoder first
 */
export function chooseHead(
  heads: readonly ScoredHead[],
  unit: EvidenceUnit,
): Pick<HandOutDecision, 'chosen' | 'candidates'> & {
  readonly bm25: Pick<NonNullable<HandOutDecision['bm25']>, 'share' | 'candidates'>
} {
  const sure = new Set(sureHeads(heads, unit))
  const shares = heads.map((one) =>
    [{ share: 0, tasks: one.tasks }, ...((sure.has(one) && one.beside) || [])].map(({ share, tasks }) => ({
      share,
      ...evidenceOf(tasks, heads[0].tasks, unit),
    })),
  )
  const surestShares = shares.map((own) => own[surest(own)])
  const place = surest(surestShares)
  return {
    chosen: heads[place].head,
    candidates: heads.map(({ head }, i) => {
      const [{ share: _, ...alone }, ...beside] = shares[i]
      return { ...head, ...alone, ...(beside.length > 0 && { bm25: surestShares[i] }) }
    }),
    bm25: { share: surestShares[place].share, candidates: shares[place] },
  }
}

/** Heads beside which BM25 is tried: the frozen encoder, and those that alone are better by more than noise. */
export function sureHeads(heads: readonly ScoredHead[], unit: EvidenceUnit): readonly ScoredHead[] {
  const [frozen] = heads
  return heads.filter((one) => one === frozen || (evidenceOf(one.tasks, frozen.tasks, unit).low ?? 0) > 0)
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
