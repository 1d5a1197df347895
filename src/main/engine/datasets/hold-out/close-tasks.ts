import type { HoldOut } from '../../../../shared/schemas/run'
import { type DocumentSets, isInside, isSameCluster, type Overlap } from '../document-sets'
import type { WholeHoldOut } from './hold-out-corpora'

/** Rules that hold out single cards by their documents; combinations are put together from these (hold-out-combinations.ts). */
export type DocumentRule = Exclude<HoldOut, 'combinations' | WholeHoldOut>

/** Whether a set may not be trained beside an unseen one. Two of one cluster are nested in each other. */
const FORBIDS: Readonly<
  Record<DocumentRule, (sets: DocumentSets, overlap: Overlap, trained: number, unseen: number) => boolean>
> = {
  strict: (sets, overlap, trained, unseen) =>
    isInside(sets, overlap, trained) || isInside(sets, overlap, unseen),
  'one-way': isInside,
  loose: isSameCluster,
}

/** Places of tasks that may not be trained beside these unseen ones (docs/method.md#hold-out). */
export function closeTasks(
  sets: DocumentSets,
  unseen: ReadonlySet<number>,
  rule: DocumentRule,
): ReadonlySet<number> {
  const unseenSets = new Set([...unseen].map((task) => sets.setOf[task]))
  const closeSets = new Set(unseenSets)
  for (const overlap of sets.overlaps) {
    const { a, b } = overlap
    if (unseenSets.has(a) && FORBIDS[rule](sets, overlap, b, a)) closeSets.add(b)
    if (unseenSets.has(b) && FORBIDS[rule](sets, overlap, a, b)) closeSets.add(a)
  }
  return new Set(sets.setOf.flatMap((set, task) => (!unseen.has(task) && closeSets.has(set) ? [task] : [])))
}
