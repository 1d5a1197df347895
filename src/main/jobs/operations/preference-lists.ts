import type { Recipe } from '../../../shared/run'
import { type CalibratedLists, calibrateLists } from '../../engine/preferences/calibrated-lists'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import { neededLists } from '../../engine/preferences/needed-lists'
import type { OperationContext } from '../operation'
import { openTeacherLists } from './teacher-lists'

/**
 * A teacher's orderings of each task's train queries, where the recipe learns from them or draws negatives from them, with
 * how far to believe it, calibrated on the task's dev judgments. Lists are cached, so every arm reads the same.
 */
export async function preferenceLists(
  options: {
    readonly tasks: readonly EncodedTask[]
    readonly recipe: Recipe
    readonly seed: number
    /** Fingerprint of the encoder that is being taught. */
    readonly encoder: string
  },
  context: OperationContext,
): Promise<ReadonlyMap<EncodedTask, CalibratedLists> | undefined> {
  const { tasks, recipe, seed, encoder } = options
  const needed = neededLists(recipe)
  if (!needed) return undefined
  const lists = new Map<EncodedTask, CalibratedLists>()
  for (const one of tasks) {
    const { task, encoded } = one
    const asked = {
      teacher: needed.teacher.name,
      options: needed.teacher.options,
      task,
      encoded,
      encoder,
      depth: needed.depth,
    }
    const train = await openTeacherLists(asked, context)
    const dev =
      task.dev.queries.length > 0 ? await openTeacherLists({ ...asked, split: 'dev' }, context) : null
    lists.set(one, calibrateLists(task, train, dev, seed))
  }
  return lists
}
