import type { Cards } from '../../../shared/ladder'
import type { Task } from '../datasets/collection'
import type { EncodedTask } from '../preferences/encoded-collection'

type OfTask = Pick<EncodedTask, 'task'>

/**
 * Unseen tasks by what of them was never trained. Of a card that is put together from a relation and a category: the
 * combination alone, where other cards trained both; or its category, or its relation. All else is unseen and no more.
 */
export function unseenGroups<One extends OfTask>(
  unseen: readonly One[],
  seen: readonly OfTask[],
): Map<Cards, One[]> {
  const trained = new Set(seen.flatMap(({ task }) => factorKeys(task)))
  const groups = new Map<Cards, One[]>()
  for (const one of unseen) {
    const group = groupOf(one.task, trained)
    const tasks = groups.get(group)
    if (tasks) tasks.push(one)
    else groups.set(group, [one])
  }
  return groups
}

function groupOf(task: Task, trained: ReadonlySet<string>): Cards {
  const keys = factorKeys(task)
  if (keys.length < 2) return 'unseen'
  const never = keys.filter((key) => !trained.has(key))
  if (never.length === 0) return 'unseen-combination'
  if (never.length > 1) return 'unseen'
  if (never[0] === factorKey(task, 'category')) return 'unseen-category'
  return never[0] === factorKey(task, 'relation') ? 'unseen-relation' : 'unseen'
}

/** Equal factors of different datasets are different ones. */
function factorKeys(task: Task): string[] {
  return Object.keys(task.factors ?? {}).map((name) => factorKey(task, name))
}

function factorKey({ collection, factors }: Task, name: string): string {
  return `${collection.id}\t${name}\t${factors?.[name]}`
}
