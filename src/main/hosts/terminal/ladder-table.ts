import { figure, pWords, signed } from '../../../shared/figure-words'
import { CARD_GROUPS } from '../../../shared/ladder'
import {
  type Cards,
  CONTROLS,
  type Difference,
  type DocumentPart,
  HEADLINE_MEASURES,
  type LeadByNearness,
  type Verdict,
  type VerdictRow,
} from '../../../shared/schemas/verdict'
import { systemLabel } from '../../../shared/system-name'
import { clusteredWords } from '../../../shared/tables/clustered-words'
import { calibrationWords } from '../../../shared/tables/forecast-words'
import { unitWords } from '../../../shared/unit'
import { alignTable, type Column } from './align-table'
import { textWidth, truncate, wrap } from './fit-text'
import { formatCount, formatInterval } from './format-number'

/** The best controls on record and the two ends of the list of unseen cards. */
const SHOWN_EXTREMES = 5

/**
 * A verdict as a person reads it: for unseen cards by number of examples, then for seen ones, the ladder with its
 * intervals and the differences that matter; the best and worst unseen cards; the verdict in words.
 */
export function ladderTable(
  verdict: Verdict,
  options: { readonly columns: number; readonly title: string },
): string {
  const [measure] = HEADLINE_MEASURES
  const parts = [options.title, '='.repeat(textWidth(options.title))]
  for (const { cards, examples, rows } of groups(verdict.rows)) {
    parts.push('', groupTitle(verdict, cards, examples, rows), '', rowTable(rows))
    const table = differenceTable(
      verdict.differences.filter((d) => d.cards === cards && d.examples === examples),
    )
    if (table) parts.push('', table)
    const leads = verdict.nearness?.filter((one) => one.cards === cards && one.examples === examples)
    if (leads?.length) parts.push('', nearnessTable(leads))
    const split = documentLine(
      verdict.documents?.filter((one) => one.cards === cards && one.examples === examples) ?? [],
    )
    if (split) parts.push('', ...wrap(split, options.columns))
    const clustered = verdict.clustered?.find((one) => one.cards === cards && one.examples === examples)
    if (clustered)
      parts.push('', ...wrap(`Nested tasks together: ${clusteredWords(clustered, measure)}`, options.columns))
  }
  const { forecast } = verdict
  for (const [row, calibration] of Object.entries(forecast?.calibration ?? {}))
    parts.push('', ...wrap(`Forecast, ${row}: ${calibrationWords(forecast!, calibration)}`, options.columns))
  const extremes = extremeCards(verdict)
  if (extremes) parts.push('', extremes)
  parts.push('', ...wrap(verdict.words, options.columns), ...limitLines(verdict, options.columns))
  return parts.join('\n')
}

/** What the numbers do not show, after an empty line; none where nothing limits them. */
export function limitLines({ limits }: Pick<Verdict, 'limits'>, columns: number): string[] {
  if (limits.length === 0) return []
  return ['', 'What this does not show:', ...limits.flatMap((limit) => wrap(`- ${limit}`, columns))]
}

export const CARD_TITLES: Readonly<Record<Cards, string>> = {
  'unseen-combination': 'Unseen combinations of a trained relation and a trained category',
  'unseen-category': 'Cards of unseen categories',
  'unseen-relation': 'Cards of unseen relations',
  unseen: 'Unseen cards',
  seen: 'Seen cards',
}

interface Group {
  readonly cards: Cards
  readonly examples: number
  readonly rows: readonly VerdictRow[]
}

/** Unseen cards first: they are the claim; fewer examples first. Rows keep the order of the ladder. */
function groups(rows: readonly VerdictRow[]): Group[] {
  const byKey = new Map<string, { cards: Cards; examples: number; rows: VerdictRow[] }>()
  for (const row of rows) {
    const key = `${row.cards} ${row.examples}`
    const group = byKey.get(key) ?? { cards: row.cards, examples: row.examples, rows: [] }
    group.rows.push(row)
    byKey.set(key, group)
  }
  const place = ({ cards }: Group) => CARD_GROUPS.indexOf(cards)
  return [...byKey.values()].sort((a, b) => place(a) - place(b) || a.examples - b.examples)
}

function groupTitle(verdict: Verdict, cards: Cards, examples: number, rows: readonly VerdictRow[]): string {
  const tasks = Object.keys(rows.find((row) => row.tasks)?.tasks ?? {}).length
  const among = tasks > 0 ? `${formatCount(tasks)} ${tasks === 1 ? 'task' : 'tasks'}, ` : ''
  const queries = `${among}${formatCount(Math.max(...rows.map(({ n }) => n)))} ${verdict.split === 'dev' ? 'dev queries' : 'queries'}`
  if (rows.length === 1 && rows[0].row === 'frozen') return `Frozen encoder · ${queries}`
  const kind = verdict.rows.some((row) => row.cards !== 'seen') ? CARD_TITLES[cards] : 'Cards'
  return `${kind}, ${shownExamples(examples)} · ${queries}`
}

export function shownExamples(examples: number): string {
  return examples === 0 ? 'description alone (k = 0)' : `${examples} examples on the card (k = ${examples})`
}

function rowTable(rows: readonly VerdictRow[]): string {
  const measures = HEADLINE_MEASURES.filter((measure) => rows.some(({ mean }) => mean[measure]))
  // Measures that were asked for besides: their intervals stand in results.json.
  const further = Object.keys(rows[0].mean).filter((name) => !measures.some((measure) => measure === name))
  const hasChoices = rows.some(({ chosen }) => chosen)
  const columns: Column[] = [
    { title: 'row' },
    ...measures.map((title) => ({ title })),
    ...further.map((title): Column => ({ title, align: 'right' })),
    ...(hasChoices ? [{ title: 'chosen on dev' }] : []),
  ]
  return alignTable(
    columns,
    rows.map((row) => [
      systemLabel(row),
      ...measures.map((measure) => formatInterval(row.mean[measure])),
      ...further.map((measure) => (row.mean[measure] ? figure(row.mean[measure].value) : '')),
      ...(hasChoices ? [row.chosen ?? ''] : []),
    ]),
  )
}

/** Where the task card stands against each other row, in the first measure, the lead over the best control first. */
function differenceTable(differences: readonly Difference[]): string | null {
  const [measure] = HEADLINE_MEASURES
  const named = differences.filter((d) => d.measure === measure)
  if (named.length === 0) return null
  const unit = unitWords(named[0])
  return alignTable(
    [{ title: 'difference' }, { title: `${measure}, 95 % ${unit}, p after Holm` }],
    named.map((d) => [
      `${systemLabel(d.a)} − ${systemLabel(d.b)}${d.best ? ' (best control)' : ''}`,
      formatDifference(d),
    ]),
  )
}

function formatDifference({
  delta,
  low,
  high,
  corrected,
}: Pick<Difference, 'delta' | 'low' | 'high' | 'corrected'>): string {
  return `${signed(delta)} [${formatBound(low)}, ${formatBound(high)}] ${pWords(corrected)}`
}

function formatBound(value: number): string {
  return figure(value).replace('-', '−')
}

function nearnessTable(leads: readonly LeadByNearness[]): string {
  const [measure] = HEADLINE_MEASURES
  return alignTable(
    [
      { title: 'nearest trained card' },
      { title: 'task card', align: 'right' },
      { title: 'best control', align: 'right' },
      { title: `lead in ${measure}, 95 %` },
    ],
    leads.map(({ nearest, card, control, lead, ...units }) => [
      nearest,
      figure(card),
      figure(control),
      `${signed(lead.value)} [${formatBound(lead.low)}, ${formatBound(lead.high)}] ${unitWords(units)}`,
    ]),
  )
}

/** How many queries ask for documents that train queries touched, how many for others, and the lead on the latter. */
function documentLine(parts: readonly DocumentPart[]): string | null {
  if (parts.length === 0) return null
  const [measure] = HEADLINE_MEASURES
  const unseen = parts.find(({ documents }) => documents === 'unseen')
  const queries = (documents: DocumentPart['documents']) =>
    formatCount(parts.find((part) => part.documents === documents)?.queries ?? 0)
  const lead = unseen?.leads[measure]
  const there = lead
    ? `; task card − ${systemLabel(lead.control)} on the unseen ${formatDifference(lead)}`
    : ''
  return `Queries by their relevant documents: ${queries('seen')} seen in training, ${queries('unseen')} unseen${there}`
}

function extremeCards({ extremes, rows }: Verdict): string | null {
  if (extremes.best.length === 0) return null
  const columns: Column[] = [
    { title: 'card' },
    { title: 'queries', align: 'right' },
    { title: 'task card', align: 'right' },
    { title: 'best control', align: 'right' },
    { title: 'lead', align: 'right' },
  ]
  const table = (cards: Verdict['extremes']['best']) =>
    alignTable(
      columns,
      cards
        .slice(0, SHOWN_EXTREMES)
        .map(({ name, n, card, control }) => [
          truncate(name, 40),
          formatCount(n),
          figure(card),
          figure(control),
          signed(card - control),
        ]),
    )
  const known = new Set(rows.filter(({ examples }) => examples === 0).map(({ row }) => row))
  const controls = CONTROLS.filter((row) => known.has(row)).join(', ')
  const which = rows.some((row) => row.cards !== 'seen') ? 'Unseen cards' : 'Cards'
  return [
    `${which} where the task card gains most over the best of ${controls} (${HEADLINE_MEASURES[0]}, k = 0):`,
    table(extremes.best),
    '',
    'and where it gains least or loses:',
    table(extremes.worst),
  ].join('\n')
}
