import { z } from 'zod'
import { gatherRows } from '../numeric/matrix'
import { createCorpusIndex, type Ranking } from '../retrieval/corpus-index'
import type { TeacherSpec } from './teacher'

const BLOCK = 256

const options = z.strictObject({})

export const dense: TeacherSpec<typeof options> = {
  name: 'dense',
  title: 'Dense',
  summary:
    'Inner product of frozen sentence vectors, exact. As a teacher: the vectors of a stronger encoder.',
  citation: 'Reimers and Gurevych, Sentence-BERT, EMNLP 2019',
  options,
  async create({ collection, vectors }) {
    if (!vectors) throw new RangeError('the dense teacher needs vectors of documents and queries')
    const { documents, queries, ownDocument } = collection
    if (vectors.documents.rows !== documents.ids.length || vectors.queries.rows !== queries.ids.length) {
      throw new RangeError('the dense teacher needs one vector for each document and each query')
    }
    const index = await createCorpusIndex({ documents: vectors.documents, ids: documents.ids })
    return {
      async order(queryRows, depth, { signal, onProgress } = {}) {
        const rankings: Ranking[] = []
        for (let start = 0; start < queryRows.length; start += BLOCK) {
          const rows = queryRows.subarray(start, start + BLOCK)
          const excluded = (i: number) => [ownDocument[rows[i]]]
          rankings.push(...(await index.rank(gatherRows(vectors.queries, rows), { depth, excluded, signal })))
          onProgress?.(rankings.length, queryRows.length)
        }
        return rankings
      },
      dispose: () => index.dispose(),
    }
  },
}
