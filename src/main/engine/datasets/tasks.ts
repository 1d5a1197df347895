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
 * characters: `dataset/*` is every card of a dataset, `family.*` every corpus of a family. Every dataset is loaded once; an id
 * that no dataset has is the loader's error.
 * @param ids of the datasets that a pattern may mean
 */
export async function resolveTasks(
  patterns: readonly string[],
  ids: readonly string[],
  loadCollectionById: (id: string) => Promise<Collection>,
): Promise<Task[]> {
  const loaded = new Map<string, Task[]>()
  const resolved = new Map<string, Task>()
  for (const pattern of patterns) {
    const [dataset] = pattern.split('/', 1)
    const named = dataset.includes('*') ? ids.filter((id) => patternExpression(dataset).test(id)) : [dataset]
    if (named.length === 0) throw noDataset(dataset, ids)
    const among: Task[] = []
    for (const id of named) {
      const tasks = loaded.get(id) ?? listTasks(await loadCollectionById(id))
      loaded.set(id, tasks)
      among.push(...tasks)
    }
    const matching = among.filter(taskMatcher(pattern))
    if (matching.length === 0) throw unknownTask(pattern, `tasks of ${dataset}`, among)
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
  const expression = patternExpression(pattern)
  return ({ id, collection, card }) => expression.test(id) || expression.test(`${collection.id}/${card.id}`)
}

function patternExpression(pattern: string): RegExp {
  const literals = pattern.split('*').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literals.join('.*')}$`, 'u')
}

function noDataset(pattern: string, ids: readonly string[]): HydraError {
  return new HydraError('DATASET_UNKNOWN', {
    expected: 'a pattern that some dataset of this workspace has, such as aws-commands.*',
    got: JSON.stringify(pattern),
    remedy:
      ids.length === 0
        ? 'Import one first.'
        : `Nearest: ${nearestIds(pattern.replaceAll('*', ''), ids, 3).join(', ')}.`,
    command: 'hydra datasets list',
  })
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
