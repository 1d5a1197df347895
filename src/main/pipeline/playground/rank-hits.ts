import type { PlaygroundHit } from '../../../shared/schemas/playground'
import { rankRow } from '../../engine/retrieval/corpus-index'
import type { Scores } from '../../engine/retrieval/top-k'
import type { WarmCorpus } from './warm-engine'

/** The k best documents with their texts, and where each stands under the frozen encoder. Overwrites nothing. */
export function rankHits(
  { encoded, index }: WarmCorpus,
  scores: Scores,
  frozen: Float32Array,
  k: number,
): { readonly documents: Int32Array; readonly hits: Omit<PlaygroundHit, 'grade'>[] } {
  const { ids, texts } = encoded.collection.documents
  const ranking = rankRow(scores, k, index.tieOrder)
  const hits = Array.from(ranking.documents, (document, place) => ({
    rank: place + 1,
    document: ids[document],
    text: texts.at(document)!,
    score: ranking.scores[place],
    frozenRank: rankOf(document, frozen),
  }))
  return { documents: ranking.documents, hits }
}

/** 1 + the number of documents with a higher score: exact over the corpus. */
export function rankOf(document: number, scores: Scores): number {
  let above = 0
  for (let i = 0; i < scores.length; i++) if (scores[i] > scores[document]) above++
  return above + 1
}
