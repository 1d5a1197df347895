import { z } from 'zod'
import { throwIfCancelled } from '../../../shared/errors'
import { gatherRows, row } from '../numeric/matrix'
import { createCorpusIndex, type Ranking } from '../retrieval/corpus-index'
import type { CollectionVectors, TeacherMaterial, TeacherSpec } from './teacher'

/** Queries scored at once. */
const BLOCK = 256
/** Scores of whole corpora held at once: 64 × 20,000 documents are 5 MB. */
const SCORE_BLOCK = 64

const options = z.strictObject({
  encoder: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'id or folder of the encoder; none: the one that is being taught, which only repeats what it knows',
    ),
})

export const dense: TeacherSpec<typeof options> = {
  name: 'dense',
  title: 'Dense',
  summary:
    'Inner product of frozen sentence vectors, exact. As a teacher: the vectors of a stronger encoder.',
  citation: 'Reimers and Gurevych, Sentence-BERT, EMNLP 2019',
  options,
  anyQuery: true,
  async create(material, { encoder }) {
    const { collection } = material
    const vectors = await vectorsOf(material, encoder)
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
      async *score(queryRows, { signal, onProgress } = {}) {
        for (let start = 0; start < queryRows.length; start += SCORE_BLOCK) {
          throwIfCancelled(signal)
          const rows = queryRows.subarray(start, start + SCORE_BLOCK)
          const scores = await index.score(gatherRows(vectors.queries, rows))
          for (let i = 0; i < rows.length; i++) yield row(scores, i)
          onProgress?.(start + rows.length, queryRows.length)
        }
      },
      dispose: () => index.dispose(),
    }
  },
}

async function vectorsOf(material: TeacherMaterial, encoder: string | null): Promise<CollectionVectors> {
  const vectors = encoder === null ? material.vectors : await material.encode?.(encoder)
  if (!vectors) throw new RangeError('the dense teacher needs vectors of documents and queries')
  return vectors
}
