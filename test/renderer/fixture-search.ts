import type { Hit, SearchResult } from '../../src/shared/search'
import { DOCUMENTS, randomFrom } from './fixture-world'

/** An order that depends on the query and the card alone. */
export function rank(run: string, query: string, card: string | null, k: number): SearchResult {
  const scores = (key: string, mix: (index: number) => number) => {
    const random = randomFrom(
      [...key].reduce((sum, letter) => (Math.imul(sum, 33) + letter.charCodeAt(0)) | 0, 5),
    )
    return DOCUMENTS.map((_, index) => 0.2 + 0.4 * random() ** 6 + mix(index))
  }
  const frozen = scores(query, () => 0)
  const order = (values: number[]) =>
    values.map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value)
  const frozenOrder = order(frozen)
  const frozenRank = new Map(frozenOrder.map(({ index }, at) => [index, at + 1]))
  const hits = (sorted: { value: number; index: number }[]): Hit[] =>
    sorted.slice(0, k).map(({ value, index }, at) => ({
      rank: at + 1,
      document: DOCUMENTS[index].id,
      text: DOCUMENTS[index].text,
      score: value,
      frozenRank: frozenRank.get(index)!,
    }))
  return {
    run,
    dataset: 'wordnet-finds',
    query,
    card,
    examples: 0,
    frozen: hits(frozenOrder),
    conditioned: card ? hits(order(scores(`${query}${card}`, (index) => frozen[index] * 0.7 - 0.1))) : null,
    milliseconds: { encode: 9.2, compile: 1.1, rank: 6.4 },
  }
}
