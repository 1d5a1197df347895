import { z } from 'zod'
import { throwIfCancelled } from '../../../shared/errors'
import type { Ranking } from '../retrieval/corpus-index'
import { descendingIdOrder } from '../retrieval/top-k'
import type { TeacherSpec } from './teacher'

const options = z.strictObject({})

export const judgments: TeacherSpec<typeof options> = {
  name: 'judgments',
  title: 'Train judgments',
  summary: 'The relevant documents of the train split by grade. Knows nothing about any other query.',
  citation: 'Voorhees, The philosophy of information retrieval evaluation, CLEF 2001',
  options,
  anyQuery: false,
  async create({ collection, task }) {
    if (!task) throw new RangeError('the judgments teacher needs a task')
    const { train } = task
    const places = new Map(Array.from(train.queries, (query, place) => [query, place]))
    const tieOrder = descendingIdOrder(collection.documents.ids)

    function orderOne(query: number, depth: number): Ranking {
      const place = places.get(query)
      if (place === undefined) return { documents: new Int32Array(0), scores: new Float32Array(0) }
      const relevant: { document: number; grade: number }[] = []
      for (let i = train.offsets[place]; i < train.offsets[place + 1]; i++) {
        const document = train.documents[i]
        const grade = train.grades[i]
        if (grade > 0 && document >= 0 && document !== collection.ownDocument[query]) {
          relevant.push({ document, grade })
        }
      }
      relevant.sort((a, b) => b.grade - a.grade || tieOrder[a.document] - tieOrder[b.document])
      const best = relevant.slice(0, depth)
      return {
        documents: Int32Array.from(best, ({ document }) => document),
        scores: Float32Array.from(best, ({ grade }) => grade),
      }
    }

    return {
      async order(queryRows, depth, { signal, onProgress } = {}) {
        throwIfCancelled(signal)
        const rankings = Array.from(queryRows, (query) => orderOne(query, depth))
        onProgress?.(rankings.length, queryRows.length)
        return rankings
      },
      async dispose() {},
    }
  },
}
