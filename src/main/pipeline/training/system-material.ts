import type { Recipe, RunRecord } from '../../../shared/schemas/run'
import { type SeenDev, seenDev } from '../../engine/evaluation/seen-dev'
import type { CalibratedLists } from '../../engine/preferences/calibrated-lists'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import { loadRunTasks } from '../datasets/load-run-tasks'
import { type EncodedTasks, encodeTasks, meanOfWordings } from '../encoding/encode-tasks'
import type { OperationContext } from '../operation'
import { preferenceLists } from '../teachers/preference-lists'
import { tellSlowProgress } from '../tell-slow-progress'
import type { TrainedSystem } from './trained-systems'

/** All that one network of a run is trained on, from the caches. */
export interface SystemMaterial {
  readonly tasks: readonly EncodedTask[]
  readonly collections: EncodedTasks['collections']
  /** [d] over all trained tasks of the run, whichever of them the system is trained on */
  readonly descriptionMean: Float32Array
  /** Whether the system sees cards; else the constant card. */
  readonly looksAtCards: boolean
  readonly lists?: ReadonlyMap<EncodedTask, CalibratedLists>
  readonly dev: SeenDev
}

export async function loadMaterial(
  run: RunRecord,
  { row, task: only }: TrainedSystem,
  recipe: Recipe,
  context: OperationContext,
): Promise<SystemMaterial> {
  // The run has told of its encoding already; here everything comes from the cache.
  const quiet = tellSlowProgress(context)
  const { seen } = await loadRunTasks(run, context)
  const encoder = await context.openEncoder(run.encoder.id)
  const { conditioning } = recipe
  const encoded = await encodeTasks({ tasks: seen, trained: seen, encoder, conditioning }, quiet).finally(
    () => encoder.dispose(),
  )
  const descriptionMean = meanOfWordings(encoded.tasks)
  const tasks = encoded.tasks.filter(({ task }) => only === null || task.id === only)
  const looksAtCards = row !== 'no card' && row !== 'static'
  const seed = run.request.seed
  const learned = await preferenceLists({ tasks, recipe, seed, encoder: encoder.fingerprint }, quiet)
  const dev = await seenDev({
    tasks,
    descriptionMean,
    seed,
    constantCards: !looksAtCards,
    feedbackWeight: recipe.feedbackWeight,
    signal: context.signal,
  })
  return {
    tasks,
    collections: encoded.collections,
    descriptionMean,
    looksAtCards,
    lists: learned?.lists,
    dev,
  }
}
