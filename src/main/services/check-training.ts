import type { DatasetRecord } from '../../shared/schemas/dataset'
import { type TrainRequest, trainRequestSchema } from '../../shared/schemas/run'
import { resolveEncoder } from '../engine/encoders/remote/resolve-encoder'
import { resolveGenerator } from '../engine/encoders/transformers/generator-model'
import { modelRoots } from './model-roots'
import { requireTasks } from './require-tasks'
import { resolveRequest } from './resolve-request'
import type { ServiceContext } from './service-context'

/**
 * The datasets of a request, once everything that it names exists and fits. The split is drawn later, but what is wrong with a
 * recipe is wrong for any number of tasks.
 */
export async function checkTraining(context: ServiceContext, asked: TrainRequest): Promise<DatasetRecord[]> {
  const request = trainRequestSchema.parse(asked)
  const datasets = await requireTasks(context, request.tasks)
  if (Array.isArray(request.unseen)) await requireTasks(context, request.unseen)
  const { dimensions } = await resolveEncoder(request.encoder, modelRoots(context))
  const { queries, generated } = await resolveRequest(request, request.tasks.length, dimensions)
  if (queries === 'generated' && generated.model !== null)
    await resolveGenerator(generated.model, modelRoots(context))
  return datasets
}
