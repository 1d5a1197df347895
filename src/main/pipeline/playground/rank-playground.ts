import { cardText } from '../../../shared/schemas/card'
import {
  type PlaygroundColumn,
  type PlaygroundResult,
  type PlaygroundSystem,
  playgroundRequestSchema,
  playgroundResultSchema,
} from '../../../shared/schemas/playground'
import { headWords } from '../../engine/evaluation/hand-out/head-words'
import { matching, rankRow } from '../../engine/retrieval/corpus-index'
import type { Scores } from '../../engine/retrieval/top-k'
import { defineOperation } from '../operation'
import { ndcgOf } from './judged-query'
import { type PlaygroundScores, playgroundScores } from './playground-scores'
import { rankHits } from './rank-hits'
import { systemScores } from './system-scores'

/** One query under every system asked for, ready to stand side by side: the one way to ask, for window, terminal and demo. */
export const rankPlayground = defineOperation({
  name: 'playground-rank',
  input: playgroundRequestSchema,
  output: playgroundResultSchema,
  session: true,
  async run(request, context) {
    const scores = await playgroundScores(request, context)
    const begun = performance.now()
    await scores.head()
    const compiled = performance.now()
    const columns: PlaygroundColumn[] = []
    const absent: PlaygroundResult['absent'] = []
    for (const system of request.systems) {
      const row = await systemScores(system, scores)
      if (typeof row === 'string') absent.push({ system, reason: row })
      else columns.push(await column(system, row, scores, request.k))
    }
    const { dataset, card, handedOut, judged, encodeMs } = scores
    return {
      dataset,
      card: card && { text: cardText(card), examples: card.examples.length },
      bm25: handedOut?.bm25 ?? null,
      columns,
      absent,
      experts: scores.experts,
      relevant: judged && [...judged.grades.values()].filter((grade) => grade > 0).length,
      milliseconds: { encode: encodeMs, compile: compiled - begun, rank: performance.now() - compiled },
    }
  },
})

async function column(
  system: PlaygroundSystem,
  row: Scores,
  scores: PlaygroundScores,
  k: number,
): Promise<PlaygroundColumn> {
  const { corpus, frozen, judged } = scores
  const ranked = rankHits(corpus, row, frozen, k)
  // Documents that share no word with the query are not found by BM25: their order would say nothing. The query's own
  // document, which no ranking has, stands at −∞ and comes up only where the corpus is smaller than k.
  const least = system === 'BM25' ? 0 : Number.NEGATIVE_INFINITY
  const found = ranked.hits.filter(({ score }) => score > least)
  const top = rankRow(row, 10, corpus.index.tieOrder)
  const counted = system === 'BM25' ? matching(top) : top
  return {
    system,
    handed: await handedWords(system, scores),
    hits: found.map((hit, place) => ({
      ...hit,
      grade: judged?.grades.get(ranked.documents[place]) ?? null,
    })),
    ndcg: ndcgOf(counted.documents, judged),
  }
}

async function handedWords(
  system: PlaygroundSystem,
  { handedOut, otherHandedOut }: PlaygroundScores,
): Promise<PlaygroundColumn['handed']> {
  const choice =
    system === 'this card' ? handedOut : system === 'another card' ? await otherHandedOut() : null
  return choice && { head: choice.head.head, which: headWords(choice.head), why: choice.words }
}

declare module '../operation' {
  interface Operations {
    'playground-rank': typeof rankPlayground
  }
}
