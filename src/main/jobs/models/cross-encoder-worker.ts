import type { ResolvedModel } from '../../engine/encoders/model-folder'
import type { TextPair } from '../../engine/teachers/pair-scorer'
import { openTransformerPairScorer } from '../../engine/teachers/transformer-pair-scorer'
import { serveItems } from './serve-items'

serveItems<TextPair, { model: ResolvedModel; maxTokens: number }, Float32Array>(
  async ({ model, maxTokens }) => {
    const scorer = await openTransformerPairScorer(model, maxTokens)
    return (pairs) => scorer.score(pairs)
  },
)
