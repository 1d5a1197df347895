import { AsyncLocalStorage } from 'node:async_hooks'
import { unagreed } from '../../engine/encoders/remote/remote-errors'
import { resolveEncoder } from '../../engine/encoders/remote/resolve-encoder'
import { agreedToSend } from '../../jobs/processes/sending'
import { modelRoots } from '../model-roots'
import type { ServiceContext } from '../service-context'
import { openServing, type ServedOptions, type Serving } from './serving'

/**
 * A service whose encoder is one itself passes on whatever programs send: whoever starts it agrees to that for all of them.
 * @throws REMOTE_UNAGREED
 */
export async function openAgreedServing(context: ServiceContext, served: ServedOptions): Promise<Serving> {
  const { workspace, session } = context
  const request: typeof session.request = AsyncLocalStorage.bind(session.request.bind(session))
  const serving = await openServing({ workspace, session: { request } }, served)
  const model = await resolveEncoder(serving.encoder, modelRoots(context))
  if (model.kind === 'remote' && !agreedToSend()) throw unagreed(model.record, 'all that programs will send')
  return serving
}
