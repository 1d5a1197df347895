import type { TrainRequest } from '../../../shared/schemas/run'
import type { RunTasks } from '../datasets/load-run-tasks'
import type { OperationContext } from '../operation'
import { settleRecipe } from '../training/settle-recipe'
import { plannedTasks } from '../training/split-tasks'
import { trainedSystems } from '../training/trained-systems'
import { type StepConfiguration, stepConfiguration } from './step-times'

/** Of a request that is no run yet: the network that it is for, and what its step times are kept by; null where it trains none. */
export async function plannedConfiguration(asked: TrainRequest, context: OperationContext) {
  const { request, tasks } = await plannedTasks(asked, context)
  const { id, dimensions } = await context.resolveEncoder(request.encoder)
  const { recipe } = settleRecipe({ request }, tasks, dimensions)
  const [system] = trainedSystems(
    request.rows,
    tasks.seen.map((task) => task.id),
    recipe,
  )
  if (!system) return null
  const configuration = configurationOf({ request, recipe, system, encoder: id }, tasks)
  return { request, system, dimensions, configuration }
}

/** What the step times of a network are kept by, from the tasks of its run. */
export function configurationOf(
  network: Omit<Parameters<typeof stepConfiguration>[0], 'seen' | 'documents'>,
  tasks: RunTasks,
): StepConfiguration {
  const seen = tasks.seen.map((task) => task.id)
  const documents = Math.max(...tasks.collections.map((one) => one.documents.ids.length))
  return stepConfiguration({ ...network, seen, documents })
}
