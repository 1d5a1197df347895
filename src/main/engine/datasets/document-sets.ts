import type { Task } from './collection'

/** What the tasks' cards stand for, each set once: tasks of one category share theirs. */
export interface DocumentSets {
  /** [tasks] set of each task. */
  readonly setOf: readonly number[]
  /** [sets] documents. */
  readonly sizes: readonly number[]
  /** Pairs of sets with documents in common, a < b. */
  readonly overlaps: readonly Overlap[]
}

export interface Overlap {
  readonly a: number
  readonly b: number
  readonly shared: number
}

/** Cards with more of their documents in common (Jaccard) are held out together or not at all. */
const SAME_CLUSTER = 0.5
/** A set with more than this share of its documents inside another one is nested in it. */
const INSIDE = 0.5

export function documentSets(tasks: readonly Task[]): DocumentSets {
  const places = new Map<Int32Array, number>()
  const sets: { readonly collection: string; readonly rows: Int32Array }[] = []
  const setOf = tasks.map((task) => {
    // A set that is written down once is one array in memory (load-collection.ts). An empty one is like no other.
    const known = task.members?.length ? places.get(task.members) : undefined
    if (known !== undefined) return known
    const rows = documentsOf(task)
    sets.push({ collection: task.collection.id, rows })
    if (task.members) places.set(task.members, sets.length - 1)
    return sets.length - 1
  })
  return { setOf, sizes: sets.map(({ rows }) => rows.length), overlaps: countOverlaps(sets) }
}

/** What a card stands for: its members or, without, the relevant documents of all its queries. Each row once. */
function documentsOf({ members, train, dev, test }: Task): Int32Array {
  if (members) return Int32Array.from(new Set(members))
  const relevant = new Set<number>()
  for (const { documents, grades } of [train, dev, test]) {
    for (let i = 0; i < documents.length; i++) {
      if (documents[i] >= 0 && grades[i] > 0) relevant.add(documents[i])
    }
  }
  return Int32Array.from(relevant)
}

/** Rows of different collections are different documents. */
function countOverlaps(
  sets: readonly { readonly collection: string; readonly rows: Int32Array }[],
): Overlap[] {
  const holders = new Map<string, Map<number, number[]>>()
  const shared = new Map<number, number>()
  sets.forEach(({ collection, rows }, set) => {
    const ofRow = holders.get(collection) ?? new Map<number, number[]>()
    holders.set(collection, ofRow)
    for (const row of rows) {
      const earlier = ofRow.get(row)
      if (!earlier) {
        ofRow.set(row, [set])
        continue
      }
      for (const other of earlier) {
        const pair = other * sets.length + set
        shared.set(pair, (shared.get(pair) ?? 0) + 1)
      }
      earlier.push(set)
    }
  })
  return [...shared].map(([pair, count]) => ({
    a: Math.floor(pair / sets.length),
    b: pair % sets.length,
    shared: count,
  }))
}

/** Whether two sets are for the larger part the same. */
export function isSameCluster({ sizes }: DocumentSets, { a, b, shared }: Overlap): boolean {
  return shared / (sizes[a] + sizes[b] - shared) > SAME_CLUSTER
}

/** Whether more than half of the documents of one set of a pair lie inside the other. */
export function isInside({ sizes }: DocumentSets, { shared }: Overlap, set: number): boolean {
  return shared > INSIDE * sizes[set]
}

/** Whether one of a pair has more than half of its documents inside the other. */
export function isNested(sets: DocumentSets, overlap: Overlap): boolean {
  return isInside(sets, overlap, overlap.a) || isInside(sets, overlap, overlap.b)
}

/**
 * Places of the tasks by cluster: connected components of the sets that are linked, in order of each cluster's first task.
 * @param linked by a Jaccard overlap above one half unless said  @param sameAs tasks with the same key are of one cluster,
 * whatever their sets
 */
export function clustersOf(
  sets: DocumentSets,
  {
    sameAs,
    linked = isSameCluster,
  }: {
    readonly sameAs?: (task: number) => string
    readonly linked?: (sets: DocumentSets, overlap: Overlap) => boolean
  } = {},
): number[][] {
  const parent = sets.sizes.map((_, i) => i)
  const rootOf = (i: number): number => {
    let root = i
    while (parent[root] !== root) root = parent[root]
    parent[i] = root
    return root
  }
  for (const overlap of sets.overlaps) {
    if (linked(sets, overlap)) parent[rootOf(overlap.b)] = rootOf(overlap.a)
  }
  const firsts = new Map<string, number>()
  if (sameAs) {
    sets.setOf.forEach((set, task) => {
      const first = firsts.get(sameAs(task))
      if (first === undefined) firsts.set(sameAs(task), set)
      else parent[rootOf(set)] = rootOf(first)
    })
  }
  const clusters = new Map<number, number[]>()
  sets.setOf.forEach((set, task) => {
    const cluster = clusters.get(rootOf(set))
    if (cluster) cluster.push(task)
    else clusters.set(rootOf(set), [task])
  })
  return [...clusters.values()]
}

/**
 * The cluster of each task, by id: tasks whose documents are for the larger part the same, unless another link is given, say one
 * thing twice.
 */
export function taskClusters(
  tasks: readonly Task[],
  options?: Parameters<typeof clustersOf>[1],
): Map<string, number> {
  return new Map(
    clustersOf(documentSets(tasks), options).flatMap((members, cluster) =>
      members.map((member) => [tasks[member].id, cluster] as const),
    ),
  )
}
