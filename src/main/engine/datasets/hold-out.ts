import type { HoldOut } from '../../../shared/run'
import { randomStream, shuffled } from '../numeric/random'
import type { Task } from './collection'

export interface HoldOutOptions {
  /** Share of the tasks to hold out, 0 to 1. */
  readonly share: number
  readonly mode: HoldOut
  readonly seed: number
}

export interface HoldOutResult {
  /** Trained. In the order given, as the other two. */
  readonly seen: Task[]
  /** Held out of training. */
  readonly unseen: Task[]
  /** Neither: too close to a held-out card to be trained under strict hold-out. */
  readonly dropped: Task[]
}

/** Cards with more of their documents in common (Jaccard) are held out together or not at all. */
const SAME_CLUSTER = 0.5
/** Strict: a card with more than this share of its documents inside one unseen card is not trained. */
const INSIDE = 0.5

/**
 * Holds out whole clusters of overlapping cards, in random order, until the share of the tasks is reached; a cluster that
 * would exceed it is passed over. `loose` trains all others. `strict`, the protocol to publish, also drops cards that lie
 * for the larger part inside an unseen one: such a descendant is small enough to escape the clusters (METHOD 1b).
 */
export function holdOut(tasks: readonly Task[], { share, mode, seed }: HoldOutOptions): HoldOutResult {
  const sets = tasks.map(documentSet)
  const overlaps = countOverlaps(tasks, sets)
  const unseen = drawClusters(clustersOf(sets, overlaps), share * tasks.length, seed)
  const dropped = new Set<number>()
  if (mode === 'strict') {
    for (const { a, b, shared } of overlaps) {
      if (unseen.has(a) && !unseen.has(b) && shared > INSIDE * sets[b].size) dropped.add(b)
      if (unseen.has(b) && !unseen.has(a) && shared > INSIDE * sets[a].size) dropped.add(a)
    }
  }
  return {
    seen: tasks.filter((_, i) => !unseen.has(i) && !dropped.has(i)),
    unseen: tasks.filter((_, i) => unseen.has(i)),
    dropped: tasks.filter((_, i) => dropped.has(i)),
  }
}

/** What a card stands for: its members or, without, the relevant documents of all its queries. */
function documentSet({ members, train, dev, test }: Task): Set<number> {
  if (members) return new Set(members)
  const relevant = new Set<number>()
  for (const { documents, grades } of [train, dev, test]) {
    for (let i = 0; i < documents.length; i++) {
      if (documents[i] >= 0 && grades[i] > 0) relevant.add(documents[i])
    }
  }
  return relevant
}

interface Overlap {
  readonly a: number
  readonly b: number
  readonly shared: number
}

/** Pairs of tasks with documents in common. Rows of different collections are different documents. */
function countOverlaps(tasks: readonly Task[], sets: readonly Set<number>[]): Overlap[] {
  const holders = new Map<string, Map<number, number[]>>()
  const shared = new Map<number, number>()
  sets.forEach((set, task) => {
    const { id } = tasks[task].collection
    const rows = holders.get(id) ?? new Map<number, number[]>()
    holders.set(id, rows)
    for (const row of set) {
      const earlier = rows.get(row) ?? []
      for (const other of earlier) {
        const pair = other * tasks.length + task
        shared.set(pair, (shared.get(pair) ?? 0) + 1)
      }
      earlier.push(task)
      rows.set(row, earlier)
    }
  })
  return [...shared].map(([pair, count]) => ({
    a: Math.floor(pair / tasks.length),
    b: pair % tasks.length,
    shared: count,
  }))
}

/** Connected components of the tasks whose Jaccard overlap exceeds one half. */
function clustersOf(sets: readonly Set<number>[], overlaps: readonly Overlap[]): number[][] {
  const parent = sets.map((_, i) => i)
  const rootOf = (i: number): number => {
    let root = i
    while (parent[root] !== root) root = parent[root]
    parent[i] = root
    return root
  }
  for (const { a, b, shared } of overlaps) {
    if (shared / (sets[a].size + sets[b].size - shared) > SAME_CLUSTER) parent[rootOf(b)] = rootOf(a)
  }
  const clusters = new Map<number, number[]>()
  for (let i = 0; i < sets.length; i++) {
    const root = rootOf(i)
    clusters.set(root, [...(clusters.get(root) ?? []), i])
  }
  return [...clusters.values()]
}

function drawClusters(clusters: readonly number[][], target: number, seed: number): Set<number> {
  const unseen = new Set<number>()
  if (target <= 0) return unseen
  // Of a handful of tasks a share may be less than one; who asks for unseen cards gets one.
  const limit = Math.max(1, target)
  for (const cluster of shuffled(clusters, randomStream(seed, 'hold-out'))) {
    if (unseen.size + cluster.length <= limit) for (const task of cluster) unseen.add(task)
    if (unseen.size + 1 > limit) break
  }
  return unseen
}
