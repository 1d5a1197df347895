import type { LeftOut, SweepTable } from '../../../shared/schemas/runs/sweep'
import { systemLabel } from '../../../shared/system-name'
import { studentInterval } from '../statistics/student-interval'

/**
 * What leaving out one unit after the other (a task, a corpus, a family) comes to: each unit once, by the mean of its runs. Tables of
 * what was trained say nothing of what was left out.
 */
export function leftOutTables(tables: readonly SweepTable[], measure: string): LeftOut[] {
  return tables.flatMap(({ cards, examples, rows }) => {
    const leads = rows.flatMap((row) => row.leads[measure]?.mean ?? [])
    const gains = rows.flatMap(({ systems }) => {
      const of = (label: string) =>
        systems.find((system) => systemLabel(system) === label)?.measures[measure]?.mean
      const [card, frozen] = [of('task card'), of('frozen')]
      return card === undefined || frozen === undefined ? [] : [card - frozen]
    })
    if (cards === 'seen' || gains.length === 0) return []
    return [{ cards, examples, measure, lead: overUnits(leads), gain: overUnits(gains) }]
  })
}

function overUnits(values: readonly number[]): LeftOut['lead'] {
  const won = values.filter((value) => value > 0).length
  return { units: values.length, won, ...studentInterval(values) }
}
