import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { cachedEncoder } from '../../engine/encoders/cache/vector-cache'
import { USUAL_FORMAT } from '../../engine/encoders/cache/vector-format'
import type { Encoder, TextRole } from '../../engine/encoders/encoder'
import { encoderByRole } from '../../engine/encoders/encoder-by-role'
import { assumptionNotes } from '../../engine/encoders/model-settings'
import { prefixedEncoder } from '../../engine/encoders/prefixed-encoder'
import { USUAL_PROVIDER } from '../../engine/encoders/providers'
import { openRemoteEncoder } from '../../engine/encoders/remote/remote-encoder'
import { type ResolvedEncoder, resolveEncoder } from '../../engine/encoders/remote/resolve-encoder'
import { resolveGenerator } from '../../engine/encoders/transformers/generator-model'
import { cachedGenerator } from '../../engine/generation/cached-generator'
import { cachedPairScorer } from '../../engine/teachers/pair-score-cache'
import { resolvePairModel } from '../../engine/teachers/transformer-pair-scorer'
import { memoisedPromises } from '../../pipeline/memoised-promises'
import { remoteAccess } from '../../pipeline/models/remote-access'
import type { OperationContext } from '../../pipeline/operation'
import type { WarmEngine } from '../../pipeline/playground/warm-engine'
import { workspacePaths } from '../../workspace/paths'
import { openCrossEncoderPool } from '../models/cross-encoder-pool'
import { openGeneratorPool } from '../models/generator-pool'
import { lendEncoder } from '../models/lent-encoders'
import { runOperation } from './operation-process'
import { runProgram } from './run-program'
import { maySend } from './sending'
import type { RequestContext } from './serve-operations'

/** Two processes of one thread encode fastest on two cores; more cores are worth more of them, up to their memory. */
const MOST_ENCODER_PROCESSES = 4
/** Encoders that one operation opens: most often one. */
const MOST_MODELS = 16

/** What an operation may use of the worker process that it runs in. */
export function operationContext(request: RequestContext, warm: WarmEngine): OperationContext {
  const { workspace, appRoot, signal, pause, emit } = request
  const roots = [join(appRoot, 'resources', 'models'), workspacePaths(workspace).models]
  // Its files are hashed once for each operation, however often that opens it: a run does for every network.
  const models = memoisedPromises<ResolvedEncoder>(MOST_MODELS)
  const resolve = (id: string) => models(id, () => resolveEncoder(id, roots))
  return {
    workspace,
    appRoot,
    signal,
    pause,
    warm,
    emit,
    now: () => new Date(),
    resolveEncoder: resolve,

    async openEncoder(
      id,
      processes = Math.min(MOST_ENCODER_PROCESSES, availableParallelism()),
    ): Promise<Encoder> {
      const paths = workspacePaths(workspace)
      const model = await resolve(id)
      // Queries stay as the model makes them, whatever documents are kept in: there are few of them, and every score has one.
      const cached = (encoder: Encoder, role: TextRole) =>
        cachedEncoder(encoder, paths.vectorCache, role === 'document' ? { format: model.vectors } : {})
      if (model.kind === 'remote')
        return openRemoteEncoder(model, await remoteAccess(model.record, process.env), cached, maySend)
      const workerFile = join(appRoot, 'out', 'main', 'encoder-worker.js')
      // Not bound to the request's signal: a warm encoder outlives the request that opened it.
      // A graphics card has one queue of work: a second process would only take its memory.
      const most = model.provider === USUAL_PROVIDER ? processes : 1
      const pool = await lendEncoder({ model, processes: most, workerFile })
      const ofRole = (role: TextRole) => prefixedEncoder(cached(pool, role), model.prefixes)
      const query = ofRole('query')
      const document = model.vectors === USUAL_FORMAT ? query : ofRole('document')
      const encoder = encoderByRole({ query, document })
      return { ...encoder, assumed: assumptionNotes(model) }
    },

    async openPairScorer(id, maxTokens) {
      const paths = workspacePaths(workspace)
      const model = await resolvePairModel(id, roots)
      const processes = Math.min(MOST_ENCODER_PROCESSES, availableParallelism())
      const workerFile = join(appRoot, 'out', 'main', 'cross-encoder-worker.js')
      const pool = openCrossEncoderPool({ model, maxTokens, processes, workerFile })
      return cachedPairScorer(pool, paths.teacherCache)
    },

    async openGenerator(id, writing) {
      const model = await resolveGenerator(id, roots)
      const processes = Math.min(MOST_ENCODER_PROCESSES, availableParallelism())
      const workerFile = join(appRoot, 'out', 'main', 'generator-worker.js')
      const pool = openGeneratorPool({ model, writing, processes, workerFile })
      return cachedGenerator(pool, workspacePaths(workspace).queryCache)
    },

    runProgram: (program, args, folder) => runProgram(program, args, { folder, signal }),

    fork: (name, input, options) =>
      runOperation(name, input, { workspace, appRoot, signal, pause, emit, ...options }, true),
  }
}
