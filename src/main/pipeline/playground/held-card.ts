import { transformCorpus } from '../../engine/evaluation/corpus-heads'
import type { CardMeans, CardVectors } from '../../engine/hypernet/card-vectors'
import type { Hypernetwork } from '../../engine/hypernet/hypernetwork'
import type { Matrix } from '../../engine/numeric/matrix'
import { createCorpusIndex } from '../../engine/retrieval/corpus-index'
import type { HandedPair } from '../handing-out/handed-head'
import type { WarmCorpus } from './warm-engine'

/** The heads of one card on one corpus: what a query that is being typed needs not make again with every key. */
export interface HeldCard {
  /** Scores with the whole corpus, [documents]. @param query [1, d] */
  score(query: Matrix): Promise<Float32Array>
  dispose(): Promise<void>
}

/**
 * Queries go through the network unfolded: what folding a head costs (a product of all its maps) pays off only for many
 * queries. Where documents have a head too, the corpus goes through it once, as re-indexing would.
 */
export async function holdCard(
  network: Hypernetwork,
  card: CardVectors,
  means: CardMeans,
  { encoded, index }: WarmCorpus,
): Promise<HeldCard> {
  const documents = network.compileDocuments(card, means)
  const own = documents
    ? await createCorpusIndex({
        documents: await transformCorpus(documents, encoded.documents),
        ids: [],
        threads: 2,
      })
    : null
  const heads = network.hold(card, means)
  return {
    score: async (query) => (await (own ?? index).score(heads.transform(query))).data,
    async dispose() {
      heads.dispose()
      await own?.dispose()
    },
  }
}

/** The same of any head that may be handed out; what moves documents re-indexes once. */
export async function holdHanded(handed: HandedPair, { encoded, index }: WarmCorpus): Promise<HeldCard> {
  const documents = handed.transformDocuments(encoded.documents)
  const own = documents ? await createCorpusIndex({ documents, ids: [], threads: 2 }) : null
  return {
    score: async (query) => (await (own ?? index).score(handed.transform(query))).data,
    dispose: async () => own?.dispose(),
  }
}
