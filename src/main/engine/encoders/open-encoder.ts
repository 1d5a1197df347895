import type { Encoder } from './encoder'
import type { ResolvedModel } from './model-folder'
import { openStaticEncoder } from './static-encoder'
import { openTransformerEncoder } from './transformer-encoder'

/** The encoder of a folder in this process, whatever its kind. It takes texts as they are; prefixes come before it. */
export function openModelEncoder(model: ResolvedModel): Promise<Encoder> {
  return model.kind === 'static' ? openStaticEncoder(model) : openTransformerEncoder(model)
}
