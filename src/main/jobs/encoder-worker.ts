import type { ResolvedModel } from '../engine/encoders/model-folder'
import { openTransformerEncoder } from '../engine/encoders/transformer-encoder'
import { serveRows } from './serve-rows'

serveRows<string, ResolvedModel>(async (model) => {
  const encoder = await openTransformerEncoder(model)
  return async (texts) => (await encoder.encode(texts)).data
})
