import type { ResolvedGenerator } from '../../engine/encoders/transformers/generator-model'
import type { Writing } from '../../engine/encoders/transformers/query-generator'
import { openTransformersGenerator } from '../../engine/encoders/transformers/transformers-generator'
import { serveItems } from './serve-items'

serveItems<string, { model: ResolvedGenerator; writing: Writing }, string[][]>(async ({ model, writing }) => {
  const generator = await openTransformersGenerator(model, writing)
  return (documents) => generator.generate(documents)
})
