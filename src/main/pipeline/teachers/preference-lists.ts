import type { Recipe } from '../../../shared/schemas/run'
import { type CalibratedLists, calibrateLists } from '../../engine/preferences/calibrated-lists'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import { neededLists } from '../../engine/preferences/needed-lists'
import type { OperationContext } from '../operation'
import { openTeacherLists } from './open-teacher-lists'
import { type GateDecision, gateTeacher } from './teacher-gate'

const EMPTY_RANKING = { documents: new Int32Array(0), scores: new Float32Array(0) }

export interface PreferenceLists {
  readonly lists: ReadonlyMap<EncodedTask, CalibratedLists>
  /** One a task where lists are what is learned and the recipe's gate is on. */
  readonly decisions: readonly GateDecision[]
}

/**
 * A teacher's orderings of each task's train queries, where the recipe learns from them or draws negatives from them, with
 * how far to believe it, calibrated on the task's dev judgments. Lists are cached, so every system reads the same. A task that
 * the teacher orders worse than the frozen encoder gets empty lists: its queries are in no loss, and what is left of them is
 * the identity penalty, which holds them near frozen.
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
): Promise<PreferenceLists | undefined> {
  const { tasks, recipe, seed, encoder } = options
  const needed = neededLists(recipe)
  if (!needed) return undefined
  const { teacher, depth } = needed
  const lists = new Map<EncodedTask, CalibratedLists>()
  const decisions: GateDecision[] = []
  for (const one of tasks) {
    const { task, encoded } = one
    const asked = { teacher: teacher.name, options: teacher.options, task, encoded, encoder, depth }
    const dev =
      task.dev.queries.length > 0 ? await openTeacherLists({ ...asked, split: 'dev' }, context) : null
    const decision =
      needed.targets && recipe.teacherGate
        ? await gateTeacher({ task: one, teacher, dev, encoder, depth }, context)
        : null
    if (decision) decisions.push(decision)
    const { queries } = task.train
    const train =
      decision?.admitted === false
        ? { queries, rankings: Array.from(queries, () => EMPTY_RANKING) }
        : await openTeacherLists(asked, context)
    lists.set(one, calibrateLists(task, train, dev, seed))
  }
  return { lists, decisions }
}
