import { type AffineHead, finishRows } from '../hypernet/head'
import { blocksOf, createMatrix, isInMemory, type Matrix, type Vectors } from '../numeric/matrix'
import type { EncodedTask } from '../preferences/encoded-collection'
import { type CorpusIndex, createCorpusIndex } from '../retrieval/corpus-index'

/** A compiled head that many blocks of vectors go through, [n, d] to [n, outputs], unit rows. */
export async function headRows(head: AffineHead): Promise<{
  apply(vectors: Matrix): Promise<Matrix>
  dispose(): Promise<void>
}> {
  // vectors·Wᵀ is the score product with the head's rows as the corpus.
  const rows = await createCorpusIndex({ documents: head.weight, ids: [] })
  return {
    apply: async (vectors) => finishRows(head, await rows.score(vectors)),
    dispose: rows.dispose,
  }
}

/** A whole corpus through a document head, [documents, d] to [documents, outputs], unit rows: what re-indexing would store. */
export async function transformCorpus(head: AffineHead, documents: Vectors): Promise<Matrix> {
  const rows = await headRows(head)
  try {
    if (isInMemory(documents)) return await rows.apply(documents)
    const out = createMatrix(documents.rows, head.weight.rows)
    for (const { first, block } of blocksOf(documents))
      out.data.set((await rows.apply(block)).data, first * out.columns)
    return out
  } finally {
    await rows.dispose()
  }
}

/** Scores of queries with a corpus that is asked once, [queries, documents]. @internal */
export async function scoreOnce(queries: Matrix, documents: Matrix): Promise<Matrix> {
  const index = await createCorpusIndex({ documents, ids: [] })
  try {
    return await index.score(queries)
  } finally {
    await index.dispose()
  }
}

/** Values of moved corpora that are cached at once: 100 M float32 are 400 MB. */
const KEPT_VALUES = 100_000_000

export interface MovedCorpora {
  /** Scores of the queries with the task's documents as this system's head moves them, [queries, documents]. */
  score(system: object, task: EncodedTask, head: AffineHead, queries: Matrix): Promise<Matrix>
  dispose(): Promise<void>
}

/**
 * Re-indexed corpora, one for each system with a document head, for the task in hand: its queries come in several blocks. The
 * next task's heads are others, so those before it go; systems for which there is no room are moved anew at each block.
 */
export function movedCorpora(keptValues = KEPT_VALUES): MovedCorpora {
  const kept = new Map<object, CorpusIndex>()
  let values = 0
  let current: EncodedTask | null = null

  async function clear(): Promise<void> {
    const indexes = [...kept.values()]
    kept.clear()
    values = 0
    for (const index of indexes) await index.dispose()
  }

  return {
    async score(system, task, head, queries) {
      if (task !== current) await clear()
      current = task
      const known = kept.get(system)
      if (known) return known.score(queries)
      const documents = await transformCorpus(head, task.encoded.documents)
      if (values + documents.data.length > keptValues) return scoreOnce(queries, documents)
      const index = await createCorpusIndex({ documents, ids: [] })
      kept.set(system, index)
      values += documents.data.length
      return index.score(queries)
    },
    dispose: clear,
  }
}
