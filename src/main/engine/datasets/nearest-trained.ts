import type { Nearness } from '../../../shared/nearness'
import type { Task } from './collection'
import { documentSets, isInside } from './document-sets'

/** What of an unseen card's documents trained cards have, each taken alone. */
export interface NearestTrained {
  readonly nearness: Nearness
  /** More than half of its documents lie inside one trained card. */
  readonly inside: boolean
}

/** [unseen] */
export function nearestTrained(unseen: readonly Task[], trained: readonly Task[]): NearestTrained[] {
  const sets = documentSets([...unseen, ...trained])
  const trainedSets = new Set(sets.setOf.slice(unseen.length))
  // A set that is trained under another card, as where a category is combined with several relations, is the nearest there is.
  const overlapping = new Set(trainedSets)
  const nested = new Set(trainedSets)
  const inside = new Set(trainedSets)
  for (const overlap of sets.overlaps) {
    for (const [set, other] of [
      [overlap.a, overlap.b],
      [overlap.b, overlap.a],
    ]) {
      if (!trainedSets.has(other)) continue
      overlapping.add(set)
      if (isInside(sets, overlap, set)) inside.add(set)
      if (isInside(sets, overlap, set) || isInside(sets, overlap, other)) nested.add(set)
    }
  }
  return sets.setOf.slice(0, unseen.length).map((set) => ({
    nearness: nested.has(set) ? 'nested' : overlapping.has(set) ? 'overlapping' : 'apart',
    inside: inside.has(set),
  }))
}
