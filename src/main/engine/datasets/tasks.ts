import { HydraError } from '../../../shared/errors'
import { type Collection, NO_JUDGMENTS, type Task } from './collection'
import { nearestIds } from './nearest-ids'

/** Every task of a collection: `dataset` where it has one card, else `dataset/card`. */
export function listTasks(collection: Collection): Task[] {
  const single = collection.cards.length === 1
  return collection.cards.map(({ card, members, factors }) => {
    const splits = collection.judgments.get(card.id)
    return {
      id: single ? collection.id : `${collection.id}/${card.id}`,
      collection,
      card,
      members,
      factors,
      train: splits?.get('train') ?? NO_JUDGMENTS,
      dev: splits?.get('dev') ?? NO_JUDGMENTS,
      test: splits?.get('test') ?? NO_JUDGMENTS,
    }
  })
}

/**
 * The tasks that patterns name, each once, in the order named: `dataset`, `dataset/card`, or either with `*` for any
 * characters of the card's id (`dataset/*` is every card). Every dataset is loaded once; an id that no dataset has is the
 * loader's error.
 */
export async function resolveTasks(
  patterns: readonly string[],
  loadCollectionById: (id: string) => Promise<Collection>,
): Promise<Task[]> {
  const loaded = new Map<string, Task[]>()
  const resolved = new Map<string, Task>()
  for (const pattern of patterns) {
    const [dataset] = pattern.split('/', 1)
    let tasks = loaded.get(dataset)
    if (!tasks) {
      tasks = listTasks(await loadCollectionById(dataset))
      loaded.set(dataset, tasks)
    }
    const matching = tasks.filter(taskMatcher(pattern))
    if (matching.length === 0) throw unknownTask(pattern, `tasks of ${dataset}`, tasks)
    for (const task of matching) resolved.set(task.id, task)
  }
  return [...resolved.values()]
}

/** Those of the tasks that patterns name, in the order of the tasks. A pattern that names none of them is an error. */
export function namedTasks(tasks: readonly Task[], patterns: readonly string[]): Task[] {
  const named = new Set<Task>()
  for (const pattern of patterns) {
    const matching = tasks.filter(taskMatcher(pattern))
    if (matching.length === 0) throw unknownTask(pattern, 'tasks of the run', tasks)
    for (const task of matching) named.add(task)
  }
  return tasks.filter((task) => named.has(task))
}

/** The one card of a dataset may be named with or without its card id. */
function taskMatcher(pattern: string): (task: Task) => boolean {
  const literals = pattern.split('*').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${literals.join('.*')}$`, 'u')
  return ({ id, collection, card }) => expression.test(id) || expression.test(`${collection.id}/${card.id}`)
}

function unknownTask(pattern: string, among: string, tasks: readonly Task[]): HydraError {
  const wanted = pattern.slice(pattern.indexOf('/') + 1)
  const named = tasks
    .filter(({ card }) => card.name === wanted)
    .map(({ id, card }) => `${id} ("${card.name}")`)
  const near =
    named.length > 0
      ? named.slice(0, 3)
      : nearestIds(
          pattern,
          tasks.map(({ id }) => id),
          3,
        )
  const all = tasks.length > 1 ? `, or ${tasks[0].collection.id}/* for all of a dataset` : ''
  return new HydraError('TASK_UNKNOWN', {
    expected: tasks.length > 1 ? `one of the ${tasks.length} ${among}` : `the task ${tasks[0].id}`,
    got: JSON.stringify(pattern),
    remedy: `Nearest: ${near.join(', ')}${all}.`,
  })
}
