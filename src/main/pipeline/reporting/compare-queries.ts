import { HydraError } from '../../../shared/errors'
import {
  queryComparisonRequestSchema,
  queryComparisonSchema,
  type ResolvedQueryComparisonRequest,
} from '../../../shared/schemas/query-comparison'
import {
  byDifference,
  difference,
  evenly,
  type QueryPair,
  tally,
} from '../../engine/reporting/query-differences'
import { defineOperation, type OperationContext } from '../operation'
import { openPair, type PairOfTables, rowsOfIds, scoredCollection } from './compared-systems'

/** A curve of sorted differences needs no more points than a chart has pixels. */
const MOST_IN_PROFILE = 600

/** Wins, losses and ties of two systems query by query, a window of them at a time. */
export const compareQueries = defineOperation({
  name: 'compare-queries',
  input: queryComparisonRequestSchema,
  output: queryComparisonSchema,
  session: true,
  async run(request, context) {
    const tables = await openPair(context.workspace, request)
    const byTask = pairsOf(tables, request)
    const asked = request.task === undefined ? [...byTask.values()].flat() : byTask.get(request.task)
    if (!asked) throw unknownTask(request.task!, byTask)
    const sorted = byDifference(asked, request.order)
    const { find } = request
    const place = find
      ? sorted.findIndex(({ task, query }) => task === find.task && query === find.query)
      : -1
    return {
      cards: tables.a.cards,
      examples: tables.a.examples,
      ...tally(differencesOf(asked)),
      tasks: Object.fromEntries([...byTask].map(([task, pairs]) => [task, tally(differencesOf(pairs))])),
      profile: evenly(differencesOf(sorted), MOST_IN_PROFILE),
      found: place < 0 ? null : place,
      queries: await withTexts(tables, sorted.slice(request.from, request.from + request.most), context),
    }
  },
})

declare module '../operation' {
  interface Operations {
    'compare-queries': typeof compareQueries
  }
}

function differencesOf(pairs: readonly QueryPair[]): number[] {
  return pairs.map(({ a, b }) => difference(a, b))
}

function pairsOf(
  { a, b }: PairOfTables,
  request: ResolvedQueryComparisonRequest,
): ReadonlyMap<string, QueryPair[]> {
  const { measure } = request
  const value = (scores: Record<string, Record<string, number>>, row: string) => {
    const found = scores[row]?.[measure]
    if (found !== undefined) return found
    throw new HydraError('OPTION_UNKNOWN', {
      expected: `a measure of ${row}: ${Object.keys(scores[row] ?? {}).join(', ')}`,
      got: JSON.stringify(measure),
      remedy: 'Choose one of these, or score the run with this measure.',
      command: `hydra evaluate RUN --measures "${measure}"`,
    })
  }
  const pairs = [...a.queries].map(([task, queries]) => {
    const [ofA, ofB] = [a.scores.get(task)!, b.scores.get(task)!]
    const ofTask = queries.map((query, i) => ({
      task,
      query,
      a: value(ofA[i], request.a.row),
      b: value(ofB[i], request.b.row),
    }))
    return [task, ofTask] as const
  })
  return new Map(pairs)
}

async function withTexts({ a }: PairOfTables, pairs: readonly QueryPair[], context: OperationContext) {
  const found = []
  for (const pair of pairs) {
    const queries = (await scoredCollection(a, pair.task, context))?.queries
    const row = queries && rowsOfIds(queries).get(pair.query)
    found.push({ ...pair, text: row === undefined ? null : queries!.texts[row] })
  }
  return found
}

function unknownTask(task: string, there: ReadonlyMap<string, unknown>): HydraError {
  return new HydraError('TASK_UNKNOWN', {
    expected: `one of the ${there.size} tasks of this table`,
    got: JSON.stringify(task),
    remedy: 'Choose one of them, or all.',
  })
}
