import { CARD_GROUPS } from '../../../shared/ladder'
import type { SweepRow, SweepTable } from '../../../shared/schemas/runs/sweep'
import type { Difference, Verdict, VerdictRow } from '../../../shared/schemas/verdict'
import { meanSd } from '../../../shared/statistics/mean-sd'
import { systemLabel } from '../../../shared/system-name'

type Place = Pick<VerdictRow, 'cards' | 'examples'>

/**
 * Tables of a sweep: for each group of cards and number of examples a row a point, with the mean and the sample standard deviation
 * over its runs of what every system scored and of the lead over the best control of each run. A run's mean over tasks counts as
 * one value: the spread is that between runs, not that between queries.
 * @param points verdicts of the runs of each point
 */
export function sweepTables(points: readonly (readonly Verdict[])[]): SweepTable[] {
  return placesOf(points.flat()).map((place) => ({
    ...place,
    rows: points.flatMap((verdicts, point) => {
      const there = verdicts.filter(({ rows }) => rows.some((row) => isAt(row, place)))
      return there.length > 0 ? [{ point, n: there.length, ...rowOf(there, place) }] : []
    }),
  }))
}

/** Unseen cards first, fewer examples first. */
function placesOf(verdicts: readonly Verdict[]): Place[] {
  const places = new Map<string, Place>()
  for (const { rows } of verdicts)
    for (const { cards, examples } of rows) places.set(`${cards} ${examples}`, { cards, examples })
  return [...places.values()].sort(
    (a, b) => CARD_GROUPS.indexOf(a.cards) - CARD_GROUPS.indexOf(b.cards) || a.examples - b.examples,
  )
}

function isAt(one: Place, { cards, examples }: Place): boolean {
  return one.cards === cards && one.examples === examples
}

function rowOf(verdicts: readonly Verdict[], place: Place): Pick<SweepRow, 'systems' | 'leads'> {
  const systems = groupBy(
    verdicts.flatMap(({ rows }) => rows.filter((row) => isAt(row, place))),
    systemLabel,
  )
  const leads = groupBy(
    verdicts.flatMap(({ differences }) =>
      differences.filter((one) => one.best && !one.a.bm25 && isAt(one, place)),
    ),
    ({ measure }) => measure,
  )
  return {
    systems: [...systems.values()].map((rows) => ({
      row: rows[0].row,
      bm25: rows[0].bm25,
      measures: mapOf(Object.keys(rows[0].mean), (measure) =>
        spread(rows.flatMap(({ mean }) => mean[measure]?.value ?? [])),
      ),
    })),
    leads: mapOf([...leads.keys()], (measure) => leadOf(leads.get(measure) ?? [])),
  }
}

function leadOf(leads: readonly Difference[]): SweepRow['leads'][string] {
  return {
    ...spread(leads.map(({ delta }) => delta)),
    system: leads[0].a,
    controls: [...new Set(leads.map(({ b }) => systemLabel(b)))],
  }
}

function spread(values: readonly number[]): { n: number; mean: number; sd: number | null } {
  const { mean, sd } = meanSd(values) ?? { mean: values[0], sd: null }
  return { n: values.length, mean, sd }
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

function mapOf<Value>(names: readonly string[], find: (name: string) => Value): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, find(name)]))
}
