import { transformCorpus } from '../../engine/evaluation/corpus-heads'
import type { CardMeans, CardVectors } from '../../engine/hypernet/card-vectors'
import type { Hypernetwork } from '../../engine/hypernet/hypernetwork'
import type { Matrix } from '../../engine/numeric/matrix'
import { createCorpusIndex } from '../../engine/retrieval/corpus-index'
import type { WarmCorpus } from './warm-engine'

/**
 * A query's scores with the whole corpus through the heads of one card, [documents]. The query goes through the network
 * unfolded: what folding a head costs (a product of all its maps) pays off only for many queries. Where documents have
 * a head too, the corpus goes through it, as re-indexing would.
 * @param query [1, d]
 */
export async function cardScores(
  network: Hypernetwork,
  card: CardVectors,
  means: CardMeans,
  query: Matrix,
  { encoded, index }: WarmCorpus,
): Promise<Float32Array> {
  const moved = network.transform(card, means, query)
  const documents = network.compileDocuments(card, means)
  if (!documents) return (await index.score(moved)).data
  const own = await createCorpusIndex({
    documents: await transformCorpus(documents, encoded.documents),
    ids: [],
    threads: 2,
  })
  try {
    return (await own.score(moved)).data
  } finally {
    await own.dispose()
  }
}

/** frozen + α·(card − frozen) + β·(other − frozen), over the corpus. α = 1, β = 0 is the card alone. */
export function blendScores(
  frozen: Float32Array,
  card: Float32Array,
  other: Float32Array | null,
  { alpha, other: beta }: { readonly alpha: number; readonly other: number },
): Float32Array {
  const out = new Float32Array(frozen.length)
  for (let i = 0; i < out.length; i++) {
    const added = other && beta !== 0 ? beta * (other[i] - frozen[i]) : 0
    out[i] = frozen[i] + alpha * (card[i] - frozen[i]) + added
  }
  return out
}
