import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Encoder } from '../engine/encoders/encoder'
import { resolveModel } from '../engine/encoders/model-folder'
import { cachedEncoder } from '../engine/encoders/vector-cache'
import { workspacePaths } from '../workspace/paths'
import { openEncoderPool } from './encoder-pool'
import type { OperationContext } from './operation'
import { runOperation } from './operation-process'
import type { RequestContext } from './serve-operations'

/** Two processes of one thread encode fastest on two cores; more cores are worth more of them, up to their memory. */
const MOST_ENCODER_PROCESSES = 4

/** What an operation may use of the worker process that it runs in. */
export function operationContext(request: RequestContext): OperationContext {
  const { workspace, appRoot, signal, emit } = request
  return {
    workspace,
    appRoot,
    signal,
    emit,
    now: () => new Date(),

    async openEncoder(
      id,
      processes = Math.min(MOST_ENCODER_PROCESSES, availableParallelism()),
    ): Promise<Encoder> {
      const paths = workspacePaths(workspace)
      const model = await resolveModel(id, [join(appRoot, 'resources', 'models'), paths.models])
      const workerFile = join(appRoot, 'out', 'main', 'encoder-worker.js')
      // Not bound to the request's signal: a warm encoder outlives the request that opened it.
      return cachedEncoder(await openEncoderPool({ model, processes, workerFile }), paths.vectorCache)
    },

    fork: (name, input) => runOperation(name, input, { workspace, appRoot, signal, emit, nested: true }),
  }
}
