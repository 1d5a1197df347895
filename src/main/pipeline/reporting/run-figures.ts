import { isShown } from '../../../shared/is-shown'
import { CARD_GROUPS, HEADLINE_MEASURES, SYSTEMS } from '../../../shared/ladder'
import type { JobEvent } from '../../../shared/schemas/job'
import type { RunFigures } from '../../../shared/schemas/runs/run-summary'
import type { Verdict, VerdictRow } from '../../../shared/schemas/verdict'

const [MEASURE] = HEADLINE_MEASURES
const SUBJECT = 'task card'

/** Of the verdict's first table the task card's mean, the frozen encoder's where nothing was trained, with its lead. */
export function headlineOf(verdict: Verdict): RunFigures['headline'] {
  const place = ({ cards, examples }: Pick<VerdictRow, 'cards' | 'examples'>) =>
    CARD_GROUPS.indexOf(cards) * 1e6 + examples
  const plain = verdict.rows.filter(({ bm25, mean }) => !bm25 && mean[MEASURE])
  const first = Math.min(...plain.map(place))
  const rows = plain.filter((row) => place(row) === first)
  const subject = [SUBJECT, ...SYSTEMS].map((name) => rows.find(({ row }) => row === name)).find(Boolean)
  if (!subject) return null
  const { row, cards, examples, mean } = subject
  const lead = verdict.differences.find(
    (one) => one.best && one.measure === MEASURE && !one.a.bm25 && one.a.row === row && place(one) === first,
  )
  return {
    row,
    cards,
    examples,
    measure: MEASURE,
    mean: mean[MEASURE],
    lead: lead
      ? { value: lead.delta, low: lead.low, high: lead.high, control: lead.b.row, shown: isShown(lead) }
      : null,
  }
}

/** Where the dev measure of a run was at its best and where it ended. */
export function devOf(events: readonly JobEvent[], run: string): RunFigures['dev'] {
  const systems = new Map<string, { step: number; value: number }[]>()
  for (const event of events) {
    if (event.type !== 'dev' || event.run !== run) continue
    const points = systems.get(event.arm) ?? []
    // Steps that were made again after a pause count as they came out last.
    while (points.length > 0 && points[points.length - 1].step >= event.step) points.pop()
    points.push({ step: event.step, value: event.value })
    systems.set(event.arm, points)
  }
  const system = systems.has(SUBJECT) ? SUBJECT : [...systems.keys()][0]
  const points = systems.get(system)
  if (!points) return null
  const best = points.reduce((most, one) => (one.value > most.value ? one : most))
  return { system, best, last: points[points.length - 1] }
}
