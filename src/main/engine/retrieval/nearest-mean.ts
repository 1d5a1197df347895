import { createMatrix, type Matrix, meanRow, row } from '../numeric/matrix'
import type { CorpusIndex } from './corpus-index'

/** Documents that stand in for examples on a card that shows none. */
export const FEEDBACK_DOCUMENTS = 20

/** Of each text vector, the mean of the corpus documents nearest to it. @param vectors [n, d]  @returns [n, d] */
export async function nearestMeans(
  index: CorpusIndex,
  vectors: Matrix,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Matrix> {
  const means = createMatrix(vectors.rows, vectors.columns)
  const rankings = await index.rank(vectors, { depth: FEEDBACK_DOCUMENTS, signal })
  rankings.forEach(({ documents }, i) => {
    row(means, i).set(meanRow(index.documents, documents))
  })
  return means
}
