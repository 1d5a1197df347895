import { describe, expect, it } from 'vitest'
import type { Task } from '../../../src/main/engine/datasets/collection'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import { centreCards } from '../../../src/main/engine/preferences/centre-cards'
import type { EncodedCollection } from '../../../src/main/engine/preferences/encoded-collection'
import { makeTasks } from '../datasets/made-collection'

const matrix = createMatrix(0, 2)
const made = (id: string, queries: number[], documents: number[], train: boolean) => {
  const [task] = makeTasks(id, [{ id, train: train ? [[0, [[0, 1]]]] : [] }])
  const queryMean = Float32Array.from(queries)
  const documentMean = Float32Array.from(documents)
  const centre = { queries: queryMean, documents: documentMean }
  const encoded: EncodedCollection = {
    collection: task.collection,
    documents: matrix,
    queries: matrix,
    documentMean,
    queryMean,
    centre,
  }
  return { task, encoded }
}
const a = made('a', [1, 0], [0, 2], true)
const b = made('b', [3, 2], [4, 0], true)
const unseen = made('unseen', [9, 9], [8, 8], true)
const bare = made('bare', [5, 5], [1, 1], false)
const all = [a, b, unseen, bare].map(({ encoded }) => encoded)
const trained: Task[] = [a.task, b.task, bare.task]
const plain = ({ queryMean, documentMean, centre }: EncodedCollection) =>
  [queryMean, documentMean, centre.queries, centre.documents].map((vector) => [...vector])

describe('centreCards', () => {
  it('gives a corpus of which nothing was trained its own documents, and the trained corpora’s mean query', () => {
    const [first, , held, none] = centreCards(all, trained, false)
    expect(plain(first)).toEqual([
      [1, 0],
      [0, 2],
      [1, 0],
      [0, 2],
    ])
    expect(plain(held)).toEqual([
      [2, 1],
      [8, 8],
      [2, 1],
      [8, 8],
    ])
    // A trained task without train queries has none to count either.
    expect(plain(none)).toEqual([
      [2, 1],
      [1, 1],
      [2, 1],
      [1, 1],
    ])
  })

  it('centres all on the trained corpora, each once, where a card knows its corpus', () => {
    for (const encoded of centreCards(all, [...trained, a.task], true)) {
      expect([[...encoded.centre.queries], [...encoded.centre.documents]]).toEqual([
        [2, 1],
        [2, 1],
      ])
    }
    expect([...centreCards(all, trained, true)[2].documentMean]).toEqual([8, 8])
  })

  it('leaves all as they are where nothing is trained', () => {
    expect(centreCards(all, [], true)).toEqual(all)
  })
})
