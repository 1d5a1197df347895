import type { ResolvedModel } from '../../engine/encoders/model-folder'
import type { TextPair } from '../../engine/teachers/pair-scorer'
import { openTransformerPairScorer } from '../../engine/teachers/transformer-pair-scorer'
import { serveRows } from './serve-rows'

serveRows<TextPair, { model: ResolvedModel; maxTokens: number }>(async ({ model, maxTokens }) => {
  const scorer = await openTransformerPairScorer(model, maxTokens)
  return (pairs) => scorer.score(pairs)
})
