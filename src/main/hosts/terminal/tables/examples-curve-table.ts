import { figure, pWords, signed } from '../../../../shared/figure-words'
import { isShown, NO_DIFFERENCE } from '../../../../shared/is-shown'
import type { ExamplesCurve } from '../../../../shared/schemas/tables/examples-curve'
import { type Cards, HEADLINE_MEASURES } from '../../../../shared/schemas/verdict'
import { systemLabel } from '../../../../shared/system-name'
import { unitWords } from '../../../../shared/unit'
import { alignTable } from '../align-table'
import type { Answer, ServiceClient } from '../arguments/command'
import { formatCount } from '../format-number'
import { CARD_TITLES } from '../ladder-table'
import { madeOnOtherData } from './card-variants-table'

const [MEASURE] = HEADLINE_MEASURES

/** One table a group of cards: numbers of examples down, rows of the ladder across, the lead behind. */
function curveTable(curve: ExamplesCurve): string {
  const groups = [...new Set(curve.rows.map(({ cards }) => cards))]
  return [
    ...groups.flatMap((cards) => [title(curve, cards), '', table(curve, cards), '']),
    `${MEASURE}; the lead is the task card's over the best control of its line, p after Holm. All lines of a table are on the same queries: what ${curve.examples.at(-1)} examples show is hidden from all.`,
  ].join('\n')
}

function title({ rows }: ExamplesCurve, cards: Cards): string {
  const { taskCount, n } = rows.find((row) => row.cards === cards)!
  return `${CARD_TITLES[cards]} · ${formatCount(taskCount)} tasks, ${formatCount(n)} queries`
}

function table({ rows, differences, documents, examples }: ExamplesCurve, cards: Cards): string {
  const own = rows.filter((row) => row.cards === cards)
  const names = [...new Set(own.map(systemLabel))]
  const parts = documents.filter((part) => part.cards === cards && part.documents === 'unseen')
  return alignTable(
    [
      { title: 'k', align: 'right' },
      ...names.map((name) => ({ title: name, align: 'right' as const })),
      { title: 'lead, 95 %' },
      { title: '' },
      ...(parts.length > 0 ? [{ title: 'on unseen documents' }] : []),
    ],
    examples.map((k) => {
      const lead = differences.find(
        (one) => one.cards === cards && one.examples === k && one.best && one.measure === MEASURE,
      )
      const part = parts.find((one) => one.examples === k)?.leads[MEASURE]
      return [
        String(k),
        ...names.map((name) => {
          const row = own.find((one) => one.examples === k && systemLabel(one) === name)
          return row ? figure(row.mean[MEASURE].value) : ''
        }),
        lead ? `${interval(lead)} over ${systemLabel(lead.b)}` : '',
        lead ? (isShown(lead) ? `${pWords(lead.corrected)} ${unitWords(lead)}` : NO_DIFFERENCE) : '',
        ...(parts.length > 0 ? [part ? interval(part) : ''] : []),
      ]
    }),
  )
}

function interval({ delta, low, high }: { delta: number; low: number; high: number }): string {
  return `${signed(delta)} [${signed(low)}, ${signed(high)}]`
}

/** What `evaluate --curve` ends with. */
export async function curveAnswer(client: ServiceClient, run: string): Promise<Answer> {
  const curve = await client.evaluation.curve({ run })
  if (curve) return { json: curve, text: () => curveTable(curve) }
  throw madeOnOtherData(run)
}
