import type { TextList } from '../datasets/text-list'
import type { Ranking } from '../retrieval/corpus-index'
import type { PairScorer, TextPair } from '../teachers/pair-scorer'
import type { WrittenQuery } from './generated-queries'

/** Other documents that a query finds which the cross-encoder reads, the first ones. */
export const OTHERS_READ = 5

/**
 * Round-trip consistency (Alberti et al. 2019; Dai et al. 2022): the place of each query's document among what the query finds,
 * from 1; null where it is not among it.
 */
export function roundTripRanks(
  written: readonly WrittenQuery[],
  rankings: readonly Ranking[],
): (number | null)[] {
  return written.map(({ document }, i) => {
    const place = rankings[i].documents.indexOf(document)
    return place < 0 ? null : place + 1
  })
}

/**
 * By how much a cross-encoder scores the document of each query above the best of the first other documents that the query finds: the
 * margin of GPL (Wang et al. 2022) to its hardest negative. null where it finds no other.
 * @param rankings of each query
 */
export async function crossEncoderMargins(
  written: readonly WrittenQuery[],
  rankings: readonly Ranking[],
  texts: TextList,
  scorer: PairScorer,
  options: {
    readonly signal?: AbortSignal
    readonly onProgress?: (done: number, total: number) => void
  } = {},
): Promise<(number | null)[]> {
  const read = written.map(({ document }, i) => [
    document,
    ...Array.from(rankings[i].documents)
      .filter((other) => other !== document)
      .slice(0, OTHERS_READ),
  ])
  const pairs = read.flatMap((documents, i) =>
    documents.map((document): TextPair => [written[i].text, texts.at(document)!]),
  )
  const scores = await scorer.score(pairs, options)
  let at = 0
  return read.map(({ length }) => {
    const [own, ...others] = scores.subarray(at, at + length)
    at += length
    return others.length === 0 ? null : own - Math.max(...others)
  })
}
