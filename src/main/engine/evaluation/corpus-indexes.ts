import type { EncodedCollection, EncodedTask } from '../preferences/encoded-collection'
import { type CorpusIndex, createCorpusIndex } from '../retrieval/corpus-index'

/** One index per corpus, made when a task first asks for it. */
export function corpusIndexes(threads = 1): {
  open(task: Pick<EncodedTask, 'encoded'>): Promise<CorpusIndex>
  dispose(): Promise<void>
} {
  const open = new Map<EncodedCollection, Promise<CorpusIndex>>()
  return {
    open({ encoded }) {
      let index = open.get(encoded)
      if (!index) {
        index = createCorpusIndex({
          documents: encoded.documents,
          ids: encoded.collection.documents.ids,
          threads,
        })
        open.set(encoded, index)
      }
      return index
    },
    async dispose() {
      for (const index of open.values()) await (await index).dispose()
      open.clear()
    },
  }
}
