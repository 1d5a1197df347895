import type { Encoder } from './encoder'
import type { ResolvedModel } from './model-folder'
import { openProviderEncoder } from './provided/open-on-provider'
import { USUAL_PROVIDER } from './providers'
import { openStaticEncoder } from './static-encoder'
import { openTransformerEncoder } from './transformer-encoder'

/** The encoder of a folder in this process, whatever its kind. It takes texts as they are; prefixes come before it. */
export function openModelEncoder(model: ResolvedModel): Promise<Encoder> {
  if (model.kind === 'static') return openStaticEncoder(model)
  return model.provider === USUAL_PROVIDER ? openTransformerEncoder(model) : openProviderEncoder(model)
}
