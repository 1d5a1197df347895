import type { TrainRequest } from '../../../shared/schemas/run'
import type { OperationContext } from '../operation'
import { settleRecipe } from '../training/settle-recipe'
import { plannedTasks } from '../training/split-tasks'
import { trainedSystems } from '../training/trained-systems'
import { stepConfiguration } from './step-times'

/** Of a request that is no run yet: the network that it is for, and what its step times are kept by; null where it trains none. */
export async function plannedConfiguration(asked: TrainRequest, context: OperationContext) {
  const { request, tasks } = await plannedTasks(asked, context)
  const { id, dimensions } = await context.resolveEncoder(request.encoder)
  const { recipe } = settleRecipe({ request }, tasks, dimensions)
  const seen = tasks.seen.map((task) => task.id)
  const [system] = trainedSystems(request.rows, seen, recipe)
  if (!system) return null
  const documents = Math.max(...tasks.collections.map((one) => one.documents.ids.length))
  const configuration = stepConfiguration({ request, recipe, system, seen, encoder: id, documents })
  return { request, system, dimensions, configuration }
}
