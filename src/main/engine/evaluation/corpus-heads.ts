import { type AffineHead, finishRows } from '../hypernet/head'
import type { Matrix } from '../numeric/matrix'
import { createCorpusIndex } from '../retrieval/corpus-index'

/** A whole corpus through a document head, [documents, d] to [documents, outputs], unit rows: what re-indexing would store. */
export async function transformCorpus(head: AffineHead, documents: Matrix): Promise<Matrix> {
  // documents·Wᵀ is the score product with the head's rows as the corpus.
  const rows = await createCorpusIndex({ documents: head.weight, ids: [] })
  try {
    return finishRows(head, await rows.score(documents))
  } finally {
    await rows.dispose()
  }
}

/** Scores of queries with a corpus that is asked once, [queries, documents]. */
export async function scoreOnce(queries: Matrix, documents: Matrix): Promise<Matrix> {
  const index = await createCorpusIndex({ documents, ids: [] })
  try {
    return await index.score(queries)
  } finally {
    await index.dispose()
  }
}
