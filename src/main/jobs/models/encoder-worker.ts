import type { ResolvedModel } from '../../engine/encoders/model-folder'
import { openModelEncoder } from '../../engine/encoders/open-encoder'
import { serveRows } from './serve-rows'

serveRows<string, ResolvedModel>(async (model) => {
  const encoder = await openModelEncoder(model)
  return async (texts) => (await encoder.encode(texts)).data
})
