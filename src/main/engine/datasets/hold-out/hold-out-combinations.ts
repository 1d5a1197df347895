import { HydraError } from '../../../../shared/errors'
import { randomStream } from '../../numeric/random'
import type { Task } from '../collection'
import { clustersOf, documentSets } from '../document-sets'
import { closeTasks } from './close-tasks'
import { drawGroups } from './draw-groups'

/** Places of tasks. */
export interface Held {
  readonly unseen: ReadonlySet<number>
  readonly dropped: ReadonlySet<number>
}

/**
 * For cards that are put together from a relation and a category (docs/method.md#hold-out). Half of the share are tasks on
 * held-out categories, by whole clusters of overlapping ones; what is nested with them either way is dropped, as under
 * `strict`. The other half are held-out combinations: a relation with a cluster of categories, of the rest; both are trained,
 * never together. A combination whose relation or category nothing else trains is dropped: it would not be one. Tasks held out
 * by name are taken as they are.
 */
export function drawCombinations(
  tasks: readonly Task[],
  wanted: number | ReadonlySet<number>,
  seed: number,
): Held {
  const factors = tasks.map(relationAndCategory)
  if (typeof wanted !== 'number') return { unseen: wanted, dropped: new Set() }
  const half = (wanted * tasks.length) / 2
  const sets = documentSets(tasks)
  const clusters = clustersOf(sets, { sameAs: (task) => factors[task].category })
  const categories = drawGroups(clusters, half, randomStream(seed, 'hold-out categories'))
  const nested = closeTasks(sets, categories, 'strict')
  const isLeft = (task: number) => !categories.has(task) && !nested.has(task)

  const pairs = clusters.flatMap((cluster) => {
    const rest = cluster.filter(isLeft)
    return [...groupBy(rest, (task) => factors[task].relation).values()]
  })
  const drawn = drawGroups(pairs, half, randomStream(seed, 'hold-out combinations'))
  const trained = factors.filter((_, task) => isLeft(task) && !drawn.has(task))
  const relations = new Set(trained.map(({ relation }) => relation))
  const trainedCategories = new Set(trained.map(({ category }) => category))
  const isCombination = (task: number) =>
    relations.has(factors[task].relation) && trainedCategories.has(factors[task].category)
  return {
    unseen: new Set([...categories, ...[...drawn].filter(isCombination)]),
    dropped: new Set([...nested, ...[...drawn].filter((task) => !isCombination(task))]),
  }
}

/** Categories and relations of different datasets are different ones. */
function relationAndCategory({ id, collection, factors }: Task): { relation: string; category: string } {
  const { relation, category } = factors ?? {}
  if (relation !== undefined && category !== undefined) {
    return { relation: `${collection.id}/${relation}`, category: `${collection.id}/${category}` }
  }
  throw new HydraError('TASK_UNUSABLE', {
    expected: 'cards that name their relation and their category (factors in cards.jsonl)',
    got: `none of the two, or one, on ${id}`,
    remedy: 'Choose the strict hold-out, or train on wordnet-relates.',
    command: 'hydra train --hold-out strict',
  })
}

function groupBy(tasks: readonly number[], keyOf: (task: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>()
  for (const task of tasks) {
    const group = groups.get(keyOf(task))
    if (group) group.push(task)
    else groups.set(keyOf(task), [task])
  }
  return groups
}
