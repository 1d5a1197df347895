import type { ResolvedModel } from './model-folder'
import { USUAL_PROVIDER } from './providers'
import { openTokenSession, type TokenSession } from './token-session'
import { openTransformersSession } from './transformers/transformers-session'

/**
 * A model's graph in this process: by ONNX Runtime alone, or by transformers.js where the graph is one that only that takes.
 * @param remedy what to do where the graph is of another kind  @param runtime ONNX Runtime's name of the execution provider
 */
export function openSession(
  model: ResolvedModel,
  remedy: string,
  runtime: string = USUAL_PROVIDER,
): Promise<TokenSession> {
  const { runner, weights } = model
  return runtime === USUAL_PROVIDER && runner?.by === 'transformers.js'
    ? openTransformersSession(model, runner, remedy)
    : openTokenSession(weights, remedy, runtime)
}
