import type { HoldOut } from '../../../shared/schemas/run'
import { type RandomStream, randomStream } from '../numeric/random'
import type { Task } from './collection'
import { clustersOf, type DocumentSets, documentSets, isSameCluster } from './document-sets'
import { drawGroups } from './draw-groups'
import { drawCombinations, type Held } from './hold-out-combinations'
import { namedTasks } from './tasks'

export interface HoldOutOptions {
  /** Which tasks to hold out: a share of them, 0 to 1, or those that patterns name (tasks.ts). */
  readonly unseen: number | readonly string[]
  readonly mode: HoldOut
  readonly seed: number
}

export interface HoldOutResult {
  /** Trained. In the order given, as the other two. */
  readonly seen: Task[]
  /** Held out of training. */
  readonly unseen: Task[]
  /** Neither: too close to a held-out card to be trained, or of use to nobody where combinations are held out. */
  readonly dropped: Task[]
}

/** Strict: a card with more than this share of its documents inside one unseen card is not trained. */
const INSIDE = 0.5
/** Random draws of unseen clusters, of which one is kept. */
const DRAWS = 100

/**
 * Holds out whole clusters of overlapping cards, in random order, until the share of the tasks is reached; a cluster that
 * would exceed it is passed over. Of a hundred such draws that which leaves the most to train counts. `loose` trains all
 * others. `strict`, the protocol to publish, also drops cards that lie for the larger part inside an unseen one: such a
 * descendant is small enough to escape the clusters (docs/method.md#hold-out). Of tasks held out by name the rest of their
 * clusters is dropped. `combinations`: see drawCombinations.
 */
export function holdOut(tasks: readonly Task[], options: HoldOutOptions): HoldOutResult {
  const named = typeof options.unseen === 'number' ? null : namedPlaces(tasks, options.unseen)
  const { unseen, dropped } =
    options.mode === 'combinations'
      ? drawCombinations(tasks, named ?? (options.unseen as number), options.seed)
      : holdClusters(tasks, named, options)
  return {
    seen: tasks.filter((_, i) => !unseen.has(i) && !dropped.has(i)),
    unseen: tasks.filter((_, i) => unseen.has(i)),
    dropped: tasks.filter((_, i) => dropped.has(i)),
  }
}

function namedPlaces(tasks: readonly Task[], patterns: readonly string[]): Set<number> {
  const named = new Set(namedTasks(tasks, patterns))
  return new Set(tasks.flatMap((task, i) => (named.has(task) ? [i] : [])))
}

function holdClusters(
  tasks: readonly Task[],
  named: ReadonlySet<number> | null,
  { unseen: share, mode, seed }: HoldOutOptions,
): Held {
  const sets = documentSets(tasks)
  const unseen = named ?? drawUnseen(sets, (share as number) * tasks.length, randomStream(seed, 'hold-out'))
  return { unseen, dropped: closeTo(unseen, sets, mode) }
}

/**
 * Of many random draws that which leaves the most tasks to train under the strict rule, for both modes, so that their tables
 * have the same unseen cards. What an unseen card is worth is a matter of the number of trained tasks
 * (docs/method.md#limits), and a single draw leaves anything between half and three quarters of them: whether a broad
 * category is held out decides. No score is read for it.
 */
function drawUnseen(sets: DocumentSets, target: number, random: RandomStream): ReadonlySet<number> {
  const clusters = clustersOf(sets)
  const draws = Array.from({ length: DRAWS }, () => {
    const unseen = drawGroups(clusters, target, random)
    return { unseen, cost: closeTo(unseen, sets, 'strict').size }
  })
  const most = Math.max(...draws.map(({ unseen }) => unseen.size))
  const full = draws.filter(({ unseen }) => unseen.size === most)
  return full.reduce((best, draw) => (draw.cost < best.cost ? draw : best)).unseen
}

/** Tasks that may not be trained beside these unseen ones. */
function closeTo(unseen: ReadonlySet<number>, sets: DocumentSets, mode: HoldOut): ReadonlySet<number> {
  const unseenSets = new Set([...unseen].map((task) => sets.setOf[task]))
  const closeSets = new Set(unseenSets)
  for (const overlap of sets.overlaps) {
    const { a, b, shared } = overlap
    const same = isSameCluster(sets, overlap)
    const inside = (set: number) => same || (mode === 'strict' && shared > INSIDE * sets.sizes[set])
    if (unseenSets.has(a) && inside(b)) closeSets.add(b)
    if (unseenSets.has(b) && inside(a)) closeSets.add(a)
  }
  return new Set(sets.setOf.flatMap((set, task) => (!unseen.has(task) && closeSets.has(set) ? [task] : [])))
}
