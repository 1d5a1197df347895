import { z } from 'zod'
import { throwIfCancelled } from '../../../shared/errors'
import { matching, type Ranking, rankRow } from '../retrieval/corpus-index'
import { descendingIdOrder } from '../retrieval/top-k'
import { type Bm25Index, createBm25Index } from './bm25-index'
import type { TeacherSpec } from './teacher'
import { WORD_TOKENIZERS } from './word-tokenizer'

/** Queries between two looks at the signal and two reports, each followed by a turn of the event loop. */
const BLOCK = 64

const options = z.strictObject({
  k1: z.number().min(0).max(10).default(1.2).describe('saturation of term frequency'),
  b: z.number().min(0).max(1).default(0.75).describe('share of length normalisation'),
  stem: z.boolean().default(true).describe('compare Porter2 stems instead of words (English)'),
  stopWords: z.boolean().default(false).describe('leave out English function words'),
  tokenizer: z
    .enum(WORD_TOKENIZERS)
    .default('unicode')
    .describe('words of any script, or of ASCII letters, digits and underscores alone'),
})

export const bm25: TeacherSpec<typeof options> = {
  name: 'bm25',
  title: 'BM25',
  summary: 'Lexical match: documents that share rare words with the query. Needs no vectors and no labels.',
  citation: 'Robertson and Zaragoza, The probabilistic relevance framework: BM25 and beyond, 2009',
  options,
  anyQuery: true,
  async create({ collection }, chosen) {
    const { documents, queries, ownDocument } = collection
    // Seconds for a large corpus, which lists from a cache do without: made at the first use.
    let made: Bm25Index | undefined
    const openIndex = () => {
      made ??= createBm25Index(documents.texts, chosen)
      return made
    }
    const tieOrder = descendingIdOrder(documents.ids)
    return {
      async order(queryRows, depth, { signal, onProgress } = {}) {
        throwIfCancelled(signal)
        const index = openIndex()
        const rankings: Ranking[] = []
        for (const query of queryRows) {
          if (rankings.length % BLOCK === 0) {
            throwIfCancelled(signal)
            onProgress?.(rankings.length, queryRows.length)
            await new Promise(setImmediate)
          }
          rankings.push(
            // Documents that share no word with the query have no order.
            matching(rankRow(index.score(queries.texts[query]), depth, tieOrder, [ownDocument[query]])),
          )
        }
        onProgress?.(rankings.length, queryRows.length)
        return rankings
      },
      async *score(queryRows, { signal, onProgress } = {}) {
        throwIfCancelled(signal)
        const index = openIndex()
        for (let done = 0; done < queryRows.length; done++) {
          if (done % BLOCK === 0) {
            throwIfCancelled(signal)
            onProgress?.(done, queryRows.length)
            await new Promise(setImmediate)
          }
          yield index.score(queries.texts[queryRows[done]])
        }
        onProgress?.(queryRows.length, queryRows.length)
      },
      async dispose() {},
    }
  },
}
