import type { HoldOut } from '../../../../shared/schemas/run'
import { randomStream, shuffled } from '../../numeric/random'
import type { Task } from '../collection'
import { clustersOf, documentSets } from '../document-sets'
import { familyOf } from '../family-of'
import { holdsWhole, wholeUnits } from './hold-out-corpora'

/**
 * Tasks that are left out of training though they could be trained, so that what is handed out for cards never trained can be
 * chosen on them: clusters of overlapping cards in random order, or whole corpora or families where these are held out. At most
 * half of them, since the rest must still teach. An ordinary collection, which has no relatives that would go on teaching its kind,
 * stays where families have others to leave out.
 */
export function leaveOut(
  tasks: readonly Task[],
  { clusters, mode, seed }: { readonly clusters: number; readonly mode: HoldOut; readonly seed: number },
): Task[] {
  const units = holdsWhole(mode)
    ? relatives(wholeUnits(tasks, mode))
    : clustersOf(documentSets(tasks)).map((members) => members.map((place) => tasks[place]))
  const count = Math.min(clusters, Math.floor(units.length / 2))
  return shuffled(units, randomStream(seed, 'left out for the hand-out rule')).slice(0, count).flat()
}

/** Corpora that stay behind where so many are left out unasked: with fewer each one trained still counts (docs/unseen.md). */
const CORPORA_TO_SPARE = 80
const USUAL_CORPORA = 20

/**
 * How many are left out where nobody says: 20 corpora where families bring plenty, which costs the rest nothing that was measured;
 * none of cards over one corpus, each of which teaches.
 */
export function usualClusters(tasks: readonly Task[], mode: HoldOut): number {
  return mode === 'corpora' && relatives(wholeUnits(tasks, mode)).length >= CORPORA_TO_SPARE + USUAL_CORPORA
    ? USUAL_CORPORA
    : 0
}

/** Of corpora those that have a sister here; all of them where none has. */
function relatives(units: Task[][]): Task[][] {
  const sizes = new Map<string, number>()
  const family = ([{ collection }]: Task[]) => familyOf(collection)
  for (const unit of units) sizes.set(family(unit), (sizes.get(family(unit)) ?? 0) + 1)
  const related = units.filter((unit) => sizes.get(family(unit))! > 1)
  return related.length > 0 ? related : units
}
