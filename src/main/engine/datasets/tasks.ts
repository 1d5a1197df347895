import { HydraError } from '../../../shared/errors'
import { type Collection, NO_JUDGMENTS, type Task } from './collection'
import { nearestIds } from './nearest-ids'

/** Every task of a collection: `dataset` where it has one card, else `dataset/card`. */
export function listTasks(collection: Collection): Task[] {
  const single = collection.cards.length === 1
  return collection.cards.map(({ card, members }) => {
    const splits = collection.judgments.get(card.id)
    return {
      id: single ? collection.id : `${collection.id}/${card.id}`,
      collection,
      card,
      members,
      train: splits?.get('train') ?? NO_JUDGMENTS,
      dev: splits?.get('dev') ?? NO_JUDGMENTS,
      test: splits?.get('test') ?? NO_JUDGMENTS,
    }
  })
}

/**
 * The tasks that patterns name, each once, in the order named: `dataset`, `dataset/card` or `dataset/*`. Every dataset is
 * loaded once; an id that no dataset has is the loader's error.
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
    const matching = pattern === `${dataset}/*` ? tasks : tasks.filter((task) => isNamed(task, pattern))
    if (matching.length === 0) throw unknownTask(pattern, dataset, tasks)
    for (const task of matching) resolved.set(task.id, task)
  }
  return [...resolved.values()]
}

/** The one card of a dataset may be named with or without its card id. */
function isNamed({ id, collection, card }: Task, pattern: string): boolean {
  return pattern === id || pattern === `${collection.id}/${card.id}`
}

function unknownTask(pattern: string, dataset: string, tasks: readonly Task[]): HydraError {
  const wanted = pattern.slice(dataset.length + 1)
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
  const all = tasks.length > 1 ? `, or ${dataset}/* for all ${tasks.length}` : ''
  return new HydraError('TASK_UNKNOWN', {
    expected: tasks.length > 1 ? `one of the ${tasks.length} tasks of ${dataset}` : `the task ${tasks[0].id}`,
    got: JSON.stringify(pattern),
    remedy: `Nearest: ${near.join(', ')}${all}.`,
  })
}
