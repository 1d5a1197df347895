import type { ResolvedModel } from '../../engine/encoders/model-folder'
import { openModelEncoder } from '../../engine/encoders/open-encoder'
import { serveItems } from './serve-items'

serveItems<string, ResolvedModel, Float32Array>(async (model) => {
  const encoder = await openModelEncoder(model)
  return async (texts) => (await encoder.encode(texts)).data
})
