import { openTransformerPairScorer, resolvePairModel } from './transformer-pair-scorer'

/** Room for both texts and the special tokens of any template. */
const ENOUGH_TOKENS = 32

/** Has a cross-encoder's folder score a pair: what is wrong with it is said now and not in the middle of a run. */
export async function tryPairModel(folder: string, signal: AbortSignal): Promise<void> {
  const scorer = await openTransformerPairScorer(await resolvePairModel(folder, []), ENOUGH_TOKENS)
  try {
    await scorer.score([['a question', 'a text']], { signal })
  } finally {
    await scorer.dispose()
  }
}
