import { HydraError } from '../../../shared/errors'
import type { LeaveOut, LeftOutUnit, LeftOutUnitsRequest } from '../../../shared/schemas/runs/sweep'
import type { Task } from '../../engine/datasets/collection'
import { familyOf } from '../../engine/datasets/family-of'
import { readTaskNames } from '../require-tasks'

/** Tasks, corpora or families of task patterns, each with the names that hold it out, in the order named. */
export async function leftOutUnits(
  places: Parameters<typeof readTaskNames>[0],
  { tasks: patterns, by }: LeftOutUnitsRequest,
): Promise<LeftOutUnit[]> {
  const { tasks } = await readTaskNames(places, patterns)
  const units = new Map<string, string[]>()
  for (const task of tasks) {
    const name = nameOf(task, by)
    units.set(name, [...(units.get(name) ?? []), task.id])
  }
  if (units.size > 1) return [...units].map(([name, unseen]) => ({ name, unseen }))
  throw new HydraError('USAGE', {
    expected: `two ${by} at least, so that others are trained where one is left out`,
    got: [...units.keys()].join(', '),
    remedy: 'Name more tasks, or leave out something smaller.',
  })
}

function nameOf({ id, collection }: Task, by: LeaveOut): string {
  if (by === 'tasks') return id
  return by === 'corpora' ? collection.id : familyOf(collection).replace(/^\//, '')
}
