import type { HoldOut } from '../../../../shared/schemas/run'
import { randomStream } from '../../numeric/random'
import type { Task } from '../collection'
import { clustersOf, documentSets } from '../document-sets'
import { namedTasks } from '../tasks'
import { closeTasks, type DocumentRule } from './close-tasks'
import { drawGroups } from './draw-groups'
import { drawCombinations, type Held } from './hold-out-combinations'
import { drawWhole, holdsWhole } from './hold-out-corpora'

export interface HoldOutOptions {
  /** Which tasks to hold out: a share of them, 0 to 1, or those that patterns name (tasks.ts). */
  readonly unseen: number | readonly string[]
  readonly mode: HoldOut
  /** Nothing else of a run depends on it. */
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

/**
 * Holds out whole clusters of overlapping cards: one draw of them in random order until the share of the tasks is reached,
 * whatever it leaves to train; a cluster that would exceed the share is passed over. All rules hold out the same cards for
 * the same seed. What differs is what else is not trained. `strict`, the protocol to publish: no trained card has more than half
 * of its documents inside an unseen one, nor more than half of an unseen one's inside it. `one-way`: only the first. `loose`:
 * nothing. Of tasks held out by name the rest of their clusters is dropped under each. `combinations`: see drawCombinations;
 * `corpora` and `families`: see drawWhole.
 */
export function holdOut(tasks: readonly Task[], options: HoldOutOptions): HoldOutResult {
  const named = typeof options.unseen === 'number' ? null : namedPlaces(tasks, options.unseen)
  const { unseen, dropped } = hold(tasks, named, options)
  return {
    seen: tasks.filter((_, i) => !unseen.has(i) && !dropped.has(i)),
    unseen: tasks.filter((_, i) => unseen.has(i)),
    dropped: tasks.filter((_, i) => dropped.has(i)),
  }
}

function hold(tasks: readonly Task[], named: ReadonlySet<number> | null, options: HoldOutOptions): Held {
  const { mode, seed } = options
  const wanted = named ?? (options.unseen as number)
  if (mode === 'combinations') return drawCombinations(tasks, wanted, seed)
  if (holdsWhole(mode)) return drawWhole(tasks, wanted, seed, mode)
  return holdClusters(tasks, named, options, mode)
}

function namedPlaces(tasks: readonly Task[], patterns: readonly string[]): Set<number> {
  const named = new Set(namedTasks(tasks, patterns))
  return new Set(tasks.flatMap((task, i) => (named.has(task) ? [i] : [])))
}

function holdClusters(
  tasks: readonly Task[],
  named: ReadonlySet<number> | null,
  { unseen: share, seed }: HoldOutOptions,
  rule: DocumentRule,
): Held {
  const sets = documentSets(tasks)
  const draw = () =>
    drawGroups(clustersOf(sets), (share as number) * tasks.length, randomStream(seed, 'hold-out'))
  const unseen = named ?? draw()
  return { unseen, dropped: closeTasks(sets, unseen, rule) }
}
