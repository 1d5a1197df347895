import type {
  Explanation,
  PlaygroundColumn,
  PlaygroundHit,
  PlaygroundResult,
  PlaygroundSystem,
} from '../../src/shared/schemas/playground'
import { DOCUMENTS, randomFrom } from './fixture-world'

/** An order that depends on the query and the card alone. */
function rank(query: string, card: string | null, k: number) {
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
  const hits = (sorted: { value: number; index: number }[]): Omit<PlaygroundHit, 'grade'>[] =>
    sorted.slice(0, k).map(({ value, index }, at) => ({
      rank: at + 1,
      document: DOCUMENTS[index].id,
      text: DOCUMENTS[index].text,
      score: value,
      frozenRank: frozenRank.get(index)!,
    }))
  return {
    frozen: hits(frozenOrder),
    conditioned: card ? hits(order(scores(`${query}${card}`, (index) => frozen[index] * 0.7 - 0.1))) : null,
  }
}

/** The playground's answer on the same orders: α between them, the third document of each column judged relevant. */
export function rankSystems(
  request: { query: string; systems: PlaygroundSystem[]; judge?: string; k: number },
  card: string | null,
  other: string | null,
): PlaygroundResult {
  const { query, systems, k } = request
  const through = (key: string | null) => rank(query, key, k)
  const column = (system: PlaygroundSystem): PlaygroundColumn | null => {
    const hits =
      system === 'frozen' || system === 'BM25' || (system === 'fused' && !card)
        ? through(null).frozen
        : system === 'no card'
          ? through('no card').conditioned
          : through(system === 'another card' ? other : card).conditioned
    return (
      hits && {
        system,
        handed:
          system === 'this card' || system === 'another card'
            ? {
                head: 'task card',
                which: 'the task card',
                why: 'Handed out: the task card as it was trained.',
              }
            : null,
        hits: hits.map((hit, at) => ({ ...hit, grade: request.judge && at === 2 ? 1 : null })),
        ndcg: request.judge ? 0.5 : null,
      }
    )
  }
  const columns = systems.map(column)
  return {
    dataset: 'wordnet-finds',
    card: card === null ? null : { text: card, examples: 0 },
    bm25: null,
    columns: columns.filter((one) => one !== null),
    absent: systems
      .filter((_, at) => columns[at] === null)
      .map((system) => ({
        system,
        reason: system === 'another card' ? 'Choose the other card.' : 'Write a card.',
      })),
    experts: null,
    relevant: request.judge ? 3 : null,
    milliseconds: { encode: 9.2, compile: 1.1, rank: 6.4 },
  }
}

/** Why the document stands where it does: the description is worth .1 to it, the domain harms. */
export function explain(
  document: string,
  query: string,
  card: string | null,
  fields: { description: string; domain?: string } | null,
  systems: readonly PlaygroundSystem[],
): Explanation {
  const { text } = DOCUMENTS.find(({ id }) => id === document)!
  const found = rank(query, card, DOCUMENTS.length)
  const at = (hits: readonly Omit<PlaygroundHit, 'grade'>[] | null) => {
    const hit = hits?.find((one) => one.document === document)
    return hit ? { score: hit.score, rank: hit.rank } : null
  }
  const frozen = at(found.frozen)!
  const conditioned = at(found.conditioned)
  return {
    document,
    text,
    grade: null,
    frozen,
    card: conditioned,
    standings: systems.map((system) => {
      if (system === 'frozen') return { system, ...frozen }
      if (system === 'this card' && conditioned) return { system, ...conditioned }
      return system === 'BM25' ? { system, score: 3.1, rank: 40 } : { system, score: 0.62, rank: 5 }
    }),
    parts: { head: conditioned ? conditioned.score - frozen.score : 0, other: 0 },
    without:
      conditioned && fields
        ? [
            {
              part: 'description',
              words: fields.description,
              score: conditioned.score - 0.1,
              rank: conditioned.rank + 30,
            },
            ...(fields.domain
              ? [{ part: 'domain', words: fields.domain, score: conditioned.score + 0.02, rank: 1 }]
              : []),
          ]
        : [],
  }
}
