import { HEADLINE_MEASURES, type Verdict } from '../../../../shared/schemas/verdict'
import { systemLabel } from '../../../../shared/system-name'
import { alignTable } from '../align-table'
import { formatCount, formatInterval } from '../format-number'

/** Each task apart: every row beside its controls, in the measures that people quote, by the number of examples on its card. */
export function taskTables({ tasks, rows }: Verdict): string[] {
  const shown = [...new Set(rows.map(({ examples }) => examples))].sort((a, b) => a - b)
  const parts = tasks.flatMap((task) =>
    shown.flatMap((examples) => {
      const own = rows.flatMap((row) => {
        const score = row.examples === examples ? row.tasks?.[task] : undefined
        return score ? [{ label: systemLabel(row), score }] : []
      })
      if (own.length === 0) return []
      const table = alignTable(
        [{ title: 'row' }, ...HEADLINE_MEASURES.map((measure) => ({ title: `${measure} [95 %]` }))],
        own.map(({ label, score }) => [
          label,
          ...HEADLINE_MEASURES.map((measure) => formatInterval(score.measures[measure])),
        ]),
      )
      return ['', `${task}, k = ${examples} · ${formatCount(own[0].score.n)} queries`, '', table]
    }),
  )
  return parts.slice(1)
}
