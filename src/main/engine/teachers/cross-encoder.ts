import { z } from 'zod'
import { idHash } from '../numeric/random'
import { type Ranking, rankRow } from '../retrieval/corpus-index'
import { descendingIdOrder } from '../retrieval/top-k'
import type { TextPair } from './pair-scorer'
import type { TeacherSpec } from './teacher'

const options = z.strictObject({
  model: z
    .string()
    .min(1)
    .default('ms-marco-MiniLM-L-12-v2')
    .describe('id or folder of the cross-encoder, in Hugging Face layout with onnx/'),
  base: z.string().min(1).default('dense').describe('the teacher whose first documents are ranked anew'),
  baseOptions: z.record(z.string(), z.unknown()).default({}).describe('its options'),
  depth: z.number().int().min(1).max(1000).default(50).describe('documents a query that are ranked anew'),
  mostPairs: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'pairs that are scored at most for one task and split: queries beyond them, by sha1 of their id, get an empty list; none: all',
    ),
  maxTokens: z
    .number()
    .int()
    .min(16)
    .max(8192)
    .default(256)
    .describe('longest input of query and document together; more is cut from the longer of them'),
})

const NOTHING: Ranking = { documents: new Int32Array(0), scores: new Float32Array(0) }

export const crossEncoder: TeacherSpec<typeof options> = {
  name: 'cross-encoder',
  title: 'Cross-encoder',
  summary:
    'Reads query and document together. Slow, so it only ranks the first documents of another teacher anew; it knows nothing of the others. Not better everywhere: audit it first.',
  citation: 'Nogueira and Cho, Passage re-ranking with BERT, 2019',
  options,
  anyQuery: true,
  async create({ collection, openPairScorer }, options, open) {
    const { model, base, baseOptions, depth: most, mostPairs, maxTokens } = options
    if (!openPairScorer) throw new RangeError('the cross-encoder teacher needs a place to run')
    const scorer = await openPairScorer(model, maxTokens)
    const first = await open(base, baseOptions)
    const { documents, queries } = collection
    const tieOrder = descendingIdOrder(documents.ids)
    const row = new Float32Array(documents.ids.length)

    /** The candidates by their new scores. */
    function rerank(candidates: Int32Array, scores: Float32Array, depth: number): Ranking {
      row.fill(Number.NEGATIVE_INFINITY)
      candidates.forEach((document, i) => {
        row[document] = scores[i]
      })
      return rankRow(row, Math.min(depth, candidates.length), tieOrder)
    }

    return {
      async order(queryRows, depth, { signal, onProgress } = {}) {
        const asked = mostPairs === null ? queryRows.length : Math.floor(mostPairs / most)
        const looked = new Set(
          Array.from(queryRows)
            .map((query) => ({ query, key: idHash('', queries.ids[query]) }))
            .sort((a, b) => (a.key < b.key ? -1 : 1))
            .slice(0, asked)
            .map(({ query }) => query),
        )
        const lists = (await first.order(queryRows, most, { signal })).map((list, i) =>
          looked.has(queryRows[i]) ? list : NOTHING,
        )
        const pairs: TextPair[] = lists.flatMap((list, i) =>
          Array.from(
            list.documents,
            (document) => [queries.texts[queryRows[i]], documents.texts.at(document)!] as const,
          ),
        )
        const scores = await scorer.score(pairs, {
          signal,
          onProgress: (done, total) =>
            onProgress?.((done / Math.max(1, total)) * queryRows.length, queryRows.length),
        })
        let start = 0
        const rankings = lists.map((list) => {
          const end = start + list.documents.length
          const ranking = rerank(list.documents, scores.subarray(start, end), depth)
          start = end
          return ranking
        })
        onProgress?.(queryRows.length, queryRows.length)
        return rankings
      },
      dispose: () => first.dispose(),
    }
  },
}
