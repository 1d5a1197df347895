import type { SystemOfRun } from '../../../shared/schemas/query-comparison'
import { systemLabel } from '../../../shared/system-name'
import type { Collection } from '../../engine/datasets/collection'
import type { OperationContext } from '../operation'
import { openTables, unknownRows } from './compare-tables'
import type { ScoredTable } from './scored-table'

/** The tables of two systems, of one run or of two runs on the same queries. */
export interface PairOfTables {
  readonly a: ScoredTable
  readonly b: ScoredTable
}

/** Opens them once it is certain that both have their rows. */
export async function openPair(
  workspace: string,
  request: {
    readonly a: SystemOfRun
    readonly b: SystemOfRun
    readonly cards?: ScoredTable['cards']
    readonly examples?: number
  },
): Promise<PairOfTables> {
  const { a, b, cards, examples } = request
  const runs = a.run === b.run ? [a.run] : [a.run, b.run]
  const [first, second = first] = await openTables(workspace, { runs, cards, examples })
  const pair = { a: first, b: second }
  for (const side of ['a', 'b'] as const) {
    const { row } = request[side]
    if (!pair[side].rows.some((one) => systemLabel(one) === row)) throw unknownRows([row], [pair[side]])
  }
  return pair
}

/** The collection of a task as the run scored it; null where it is gone, or another one by now. */
export async function scoredCollection(
  { run }: Pick<ScoredTable, 'run'>,
  task: string,
  context: OperationContext,
): Promise<Collection | null> {
  const id = task.split('/', 1)[0]
  const recorded = run.datasets.find((dataset) => dataset.id === id)
  if (!recorded) return null
  const collection = await context.warm.collection(id, run.request.seed, context).catch(() => null)
  return collection?.sha256 === recorded.sha256 ? collection : null
}

const rowsById = new WeakMap<object, Map<string, number>>()

/** Row of each id. */
export function rowsOfIds(texts: { readonly ids: readonly string[] }): ReadonlyMap<string, number> {
  let rows = rowsById.get(texts)
  if (!rows) {
    rows = new Map(texts.ids.map((id, row) => [id, row]))
    rowsById.set(texts, rows)
  }
  return rows
}
