import {
  type QueryRanking,
  queryRankingsRequestSchema,
  queryRankingsSchema,
} from '../../../shared/schemas/query-comparison'
import type { Collection } from '../../engine/datasets/collection'
import { runField } from '../../engine/formats/run-field'
import type { ReadRanking } from '../../engine/reporting/read-trec'
import { qrelsOfTask } from '../../engine/reporting/task-rankings'
import { defineOperation } from '../operation'
import { taskNamed } from '../playground/judged-query'
import { openPair, rowsOfIds, scoredCollection } from './compared-systems'
import { rankingOfQuery } from './ranking-of-query'

/** One query under two systems: both rankings as their run files have them, with texts and judgments. */
export const queryRankings = defineOperation({
  name: 'query-rankings',
  input: queryRankingsRequestSchema,
  output: queryRankingsSchema,
  session: true,
  async run(request, context) {
    const { workspace } = context
    const tables = await openPair(workspace, request)
    const [a, b] = await Promise.all(
      (['a', 'b'] as const).map((side) =>
        rankingOfQuery(workspace, tables[side], request[side].row, request),
      ),
    )
    const collection = await scoredCollection(tables.a, request.task, context)
    const grades = gradesOf(collection, request, tables.a.verdict.split ?? 'test')
    const known = documentsOf(collection)
    const document = (id: string) => ({ document: id, text: known.text(id), grade: grades.get(id) ?? null })
    const [ofA, ofB] = [a, b].map((ranking) => placesOf(ranking, known.id))
    const shown = (ranking: ReadRanking | null, others: ReadonlyMap<string, number>): QueryRanking | null =>
      ranking && {
        depth: ranking.documents.length,
        documents: ranking.documents.slice(0, request.most).map((field, i) => ({
          ...document(known.id(field)),
          rank: i + 1,
          score: ranking.scores[i],
          other: others.get(known.id(field)) ?? null,
        })),
      }
    // What a card with examples gives away is no answer, and may lie among the judgments: what no ranking holds is not said then.
    const isHidden = tables.a.examples > 0 && collection?.protocol.hideShown
    const missed = [...grades]
      .filter(([id, grade]) => grade > 0 && known.text(id) !== null)
      .map(([id]) => ({ ...document(id), a: ofA.get(id) ?? null, b: ofB.get(id) ?? null }))
      .filter((one) => [one.a, one.b].every((rank) => rank === null || rank > request.most))
      .filter((one) => !isHidden || one.a !== null || one.b !== null)
    const row = collection && rowsOfIds(collection.queries).get(request.query)
    return {
      text: collection && row !== undefined && row !== null ? collection.queries.texts[row] : null,
      a: shown(a, ofB),
      b: shown(b, ofA),
      missed: missed.slice(0, request.most),
    }
  },
})

declare module '../operation' {
  interface Operations {
    'query-rankings': typeof queryRankings
  }
}

function gradesOf(
  collection: Collection | null,
  { task, query }: { readonly task: string; readonly query: string },
  split: 'test' | 'dev',
): ReadonlyMap<string, number> {
  const found = collection ? taskNamed(collection, task) : undefined
  return (found && qrelsOfTask(found, split).get(query)) ?? new Map()
}

/** The id of each field of a run file, and its text; without a collection a field is its own id. */
function documentsOf(collection: Collection | null) {
  const rows = collection && rowsOfIds(collection.documents)
  return {
    id(field: string): string {
      if (!rows || rows.has(field) || !field.includes('%')) return field
      const id = unescaped(field)
      return rows.has(id) && runField(id) === field ? id : field
    },
    text(id: string): string | null {
      const row = rows?.get(id)
      return row === undefined ? null : (collection!.documents.texts.at(row) ?? null)
    },
  }
}

function unescaped(field: string): string {
  try {
    return decodeURIComponent(field)
  } catch {
    return field
  }
}

function placesOf(ranking: ReadRanking | null, idOf: (field: string) => string): Map<string, number> {
  return new Map((ranking?.documents ?? []).map((field, i) => [idOf(field), i + 1]))
}
