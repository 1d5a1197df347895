import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { headNameSchema, headSearchSchema } from '../../../shared/schemas/exporting/exported-head'
import { transformCorpus } from '../../engine/evaluation/corpus-heads'
import { decodeHead } from '../../engine/exporting/head-file'
import { applyHead } from '../../engine/hypernet/head'
import { createCorpusIndex } from '../../engine/retrieval/corpus-index'
import { exportedFile } from '../../workspace/runs/exported-files'
import { readRun } from '../../workspace/runs/run-folder'
import { defineOperation } from '../operation'
import { queryRows } from '../playground/judged-query'
import { rankHits } from '../playground/rank-hits'
import { engineParity, requireEncoderOf } from './apply-head'

/** A query through an exported head, over the corpus that it was made for: with the weights of the file and nothing of the network. */
export const searchHead = defineOperation({
  name: 'search-head',
  input: headNameSchema.extend({ query: z.string().trim().min(1), k: z.number().int() }),
  output: headSearchSchema,
  session: true,
  async run({ run: id, file, query, k }, context) {
    const { warm } = context
    const path = await exportedFile(context.workspace, id, file)
    const { head, documents, origin } = decodeHead(await readFile(path), path)
    const encoder = await warm.encoder(origin.encoder, context)
    requireEncoderOf(origin, head, encoder, path)
    const { request } = await readRun(context.workspace, id)
    const corpus = await warm.corpus(origin.dataset, request.seed, encoder, context)
    const { collection } = corpus.encoded
    // A query that is a document of the corpus itself would find itself first: as in the playground it is left out.
    const own = queryRows(collection, query).map((row) => collection.ownDocument[row])
    const without = (scores: Float32Array) => {
      for (const document of own) if (document >= 0) scores[document] = Number.NEGATIVE_INFINITY
      return scores
    }
    const vector = await encoder.encode([query], { signal: context.signal })
    const frozen = without((await corpus.index.score(vector)).data)
    const moved = applyHead(head, vector)
    const index = documents
      ? await createCorpusIndex({
          documents: await transformCorpus(documents, corpus.encoded.documents),
          ids: collection.documents.ids,
          threads: 2,
        })
      : corpus.index
    try {
      const scores = without((await index.score(moved)).data)
      const hits = (of: Float32Array) =>
        rankHits(corpus, of, frozen, k).hits.map((hit) => ({ ...hit, grade: null }))
      return {
        dataset: origin.dataset,
        hits: hits(scores),
        frozen: hits(frozen),
        parity: await engineParity(moved, vector, origin, encoder, context),
      }
    } finally {
      if (index !== corpus.index) await index.dispose()
    }
  },
})

declare module '../operation' {
  interface Operations {
    'search-head': typeof searchHead
  }
}
