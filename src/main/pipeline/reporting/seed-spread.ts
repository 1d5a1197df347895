import { CONTROLS } from '../../../shared/ladder'
import type { ComparedSeeds } from '../../../shared/schemas/comparison'
import type { SystemScores } from '../../engine/reporting/compare-systems'
import { meanOf, type Sampling, strataOf, type TaskColumns } from '../../engine/statistics/inference'
import { seedSpread } from '../../engine/statistics/variance-components'
import { columnOf, type ScoredTable } from './scored-table'

/**
 * Each row that all runs have, and the task card's lead over the control that is best over all of them: what its mean owes to the seed
 * and what to the queries. The runs differ in their seed alone and were scored on the same queries.
 */
export function spreadOverSeeds(
  tables: readonly ScoredTable[],
  systems: readonly SystemScores[],
  { measures, sampling }: { readonly measures: readonly string[]; readonly sampling: Sampling },
): ComparedSeeds[] {
  const [first] = tables
  const tasks = [...first.queries.keys()]
  const rows = [...new Set(systems.map(({ row }) => row))].filter(
    (row) => systems.filter((system) => system.row === row).length === tables.length,
  )
  const columns = (row: string, measure: string) =>
    tables.map((table) => columnOf(table, tasks, row, measure))
  const spread = (row: string, minus: string | null, measure: string, seeds: readonly TaskColumns[]) => {
    const strata = seeds.map((column) => strataOf(column, sampling))
    if (strata[0].some(({ length }) => length < 2)) return []
    const { seeds: bySeeds, units, both, ...rest } = seedSpread(strata)
    return [{ row, minus, measure, runs: tables.length, ...rest, errors: { seeds: bySeeds, units, both } }]
  }
  return measures.flatMap((measure) => [
    ...rows.flatMap((row) => spread(row, null, measure, columns(row, measure))),
    ...(rows.includes('task card') ? leadOver(bestControl(tables, tasks, measure)) : []),
  ])

  function leadOver(best: { readonly control: string; readonly measure: string } | null): ComparedSeeds[] {
    if (!best) return []
    const { control, measure } = best
    const [cards, controls] = [columns('task card', measure), columns(control, measure)]
    const leads = cards.map((card, s) =>
      card.map((values, t) => values.map((value, query) => value - controls[s][t][query])),
    )
    return spread('task card', control, measure, leads)
  }
}

/** By its mean over all runs; each must have it. */
function bestControl(
  tables: readonly ScoredTable[],
  tasks: readonly string[],
  measure: string,
): { readonly control: string; readonly measure: string } | null {
  const means = CONTROLS.filter((row) =>
    tables.every(({ rows }) => rows.some((one) => one.row === row && !one.bm25 && measure in one.mean)),
  ).map((control) => ({
    control,
    mean: meanOf(tables.map((table) => meanOf(columnOf(table, tasks, control, measure).map(meanOf)))),
  }))
  means.sort((a, b) => b.mean - a.mean)
  return means.length > 0 ? { control: means[0].control, measure } : null
}
