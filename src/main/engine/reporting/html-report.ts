import type { ComparedPair, Comparison } from '../../../shared/schemas/comparison'
import type { RunRecord } from '../../../shared/schemas/run'
import type { Interval, Verdict, VerdictRow } from '../../../shared/schemas/verdict'
import { systemLabel } from '../../../shared/system-name'
import { caption, figure, isBest, pairWords, pText, signed } from './comparison-table'
import { escapeHtml, htmlTable } from './html-text'
import { intervalChart, winsChart } from './report-charts'
import { REPORT_STYLE } from './report-style'

export interface ReportOptions {
  readonly comparison: Comparison
  readonly runs: readonly { readonly run: RunRecord; readonly verdict: Verdict }[]
  /** Rows of the first run's table, for the table by task. */
  readonly perTask: readonly (Pick<VerdictRow, 'row' | 'bm25'> & Required<Pick<VerdictRow, 'tasks'>>)[]
  readonly writtenAt: Date
}

/** More tasks than this make the table by task too long to read; results.json has them all. */
const MOST_TASKS = 60

/**
 * A comparison as one page without scripts and without anything to fetch: it opens from disk, prints, and follows the reader's
 * light or dark theme. A policy in its head forbids whatever a text from the data might try.
 */
export function htmlReport(options: ReportOptions): string {
  const { comparison, runs, writtenAt } = options
  const [first] = runs
  const title = runs.length === 1 ? first.run.title : `${runs.length} runs on the same queries`
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    `<p class="quiet">${escapeHtml(runs.map(({ run }) => run.id).join(' · '))}; written ${writtenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC by Hydra Workbench ${escapeHtml(first.run.app)}</p>`,
    ...runs
      .filter(({ verdict }) => verdict.words)
      .map(({ run, verdict }) =>
        section(runs.length > 1 ? `Verdict of ${run.id}` : 'Verdict', [
          `<p class="words">${escapeHtml(verdict.words)}</p>`,
        ]),
      ),
    section('Systems', [systemsTable(comparison), `<p class="quiet">${escapeHtml(caption(comparison))}</p>`]),
    ...measureSections(options),
    section('Every pair', [pairsTable(comparison)]),
    ...taskSection(options),
    ...(comparison.differs.length > 0
      ? [section('What differs in the configuration', [differsTable(comparison)])]
      : []),
    section('How this was made', [provenance(runs)]),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`
}

function section(title: string, parts: readonly string[]): string {
  return `<section><h2>${escapeHtml(title)}</h2>\n${parts.join('\n')}\n</section>`
}

function systemsTable({ systems, measures }: Comparison): string {
  return htmlTable({
    caption: 'Means over tasks',
    titles: ['', 'system', ...measures],
    numbersFrom: 2,
    rows: systems.map((system) => [
      system.letter,
      escapeHtml(system.name),
      ...measures.map((measure) => {
        const value = figure(system.mean[measure])
        return `${isBest(system, measure, systems) ? `<b>${value}</b>` : value}<sup>${system.beats[measure].join('')}</sup>`
      }),
    ]),
  })
}

/** The first measure in pictures: levels where the first run has their intervals, then the main system against each other. */
function measureSections({ comparison, runs }: ReportOptions): string[] {
  const [measure] = comparison.measures
  const main = mainSystem(comparison)
  const dots = comparison.systems.flatMap((system) => {
    const interval = levelOf(runs, comparison, system, measure)
    return interval ? [{ label: system.name, interval, isMain: system.letter === main }] : []
  })
  const sections =
    dots.length > 0
      ? [section(`${measure}, with 95 % intervals`, [intervalChart(`${measure} of each system`, dots)])]
      : []
  const pairs = pairsOf(comparison, main, measure)
  if (pairs.length === 0) return sections
  const name = comparison.systems.find(({ letter }) => letter === main)!.name
  const against = pairs.map((pair) => ({
    ...pair,
    label: `− ${comparison.systems.find(({ letter }) => letter === pair.b)!.name}`,
  }))
  return [
    ...sections,
    section(`${name} against each other system, ${measure}`, [
      intervalChart(
        `Differences of ${name}`,
        against.map(({ label, delta, low, high, corrected }) => ({
          label,
          interval: { value: delta, low, high },
          isMain: corrected < 0.05,
        })),
        signed,
      ),
      '<p class="quiet">Paired differences with 95 % bootstrap intervals; the strong colour marks those that are shown (p &lt; .05 after Holm).</p>',
      winsChart(`Queries that ${name} wins and loses`, against),
    ]),
  ]
}

function mainSystem({ systems, measures: [measure] }: Comparison): string {
  const card = systems.find(({ row }) => row === 'task card')
  return (card ?? systems.reduce((best, one) => (one.mean[measure] > best.mean[measure] ? one : best))).letter
}

/** Every pair with the main system, turned so that it comes first. */
function pairsOf({ pairs }: Comparison, main: string, measure: string): ComparedPair[] {
  return pairs
    .filter((pair) => pair.measure === measure && (pair.a === main || pair.b === main))
    .map((pair) =>
      pair.a === main
        ? pair
        : {
            ...pair,
            a: main,
            b: pair.a,
            delta: -pair.delta,
            low: -pair.high,
            high: -pair.low,
            wins: pair.losses,
            losses: pair.wins,
          },
    )
}

function levelOf(
  runs: ReportOptions['runs'],
  { cards, examples }: Comparison,
  system: Comparison['systems'][number],
  measure: string,
): Interval | undefined {
  const { verdict } = runs.find(({ run }) => run.id === system.run)!
  const rows = verdict.rows.filter((row) => systemLabel(row) === system.row)
  const own = rows.find((row) => row.cards === cards && row.examples === examples)
  return own?.mean[measure]
}

function pairsTable({ pairs }: Comparison): string {
  return htmlTable({
    caption: 'Paired differences',
    titles: [
      'pair',
      'measure',
      'difference',
      '95 % interval',
      'p',
      'p (Holm)',
      'p (Student)',
      'effect',
      'could have found',
      'won',
      'lost',
      'level',
      'shown',
    ],
    numbersFrom: 2,
    rows: pairs.map((pair) => [
      `${pair.a} − ${pair.b}`,
      escapeHtml(pair.measure),
      signed(pair.delta),
      `${signed(pair.low)} to ${signed(pair.high)}`,
      escapeHtml(pText(pair.p)),
      escapeHtml(pText(pair.corrected)),
      pair.student === null ? '–' : escapeHtml(pText(pair.student)),
      pair.effect === null ? '–' : signed(pair.effect),
      pair.detectable === null ? '–' : figure(pair.detectable),
      String(pair.wins),
      String(pair.losses),
      String(pair.ties),
      pairWords(pair),
    ]),
  })
}

function taskSection({ comparison, perTask }: ReportOptions): string[] {
  const [measure] = comparison.measures
  if (comparison.tasks.length < 2 || comparison.tasks.length > MOST_TASKS) return []
  const rows = perTask.filter(({ row, bm25 }) =>
    comparison.systems.some((system) => system.row === systemLabel({ row, bm25 })),
  )
  if (rows.length === 0) return []
  const table = htmlTable({
    caption: `${measure} by task`,
    titles: ['task', 'queries', ...rows.map(systemLabel)],
    numbersFrom: 1,
    rows: comparison.tasks.map((task) => [
      escapeHtml(task),
      String(rows[0].tasks[task]?.n ?? ''),
      ...rows.map(({ tasks }) =>
        tasks[task]?.measures[measure] ? figure(tasks[task].measures[measure].value) : '',
      ),
    ]),
  })
  return [section(`${measure} by task`, [table])]
}

function differsTable({ runs, differs }: Comparison): string {
  return htmlTable({
    caption: 'Settings that are not the same in all runs',
    titles: ['setting', ...runs],
    numbersFrom: Number.POSITIVE_INFINITY,
    rows: differs.map(({ setting, values }) => [
      escapeHtml(setting),
      ...values.map((value) => `<code>${escapeHtml(value)}</code>`),
    ]),
  })
}

function provenance(runs: ReportOptions['runs']): string {
  const facts = runs.map(({ run }) => {
    const data = run.datasets.map(({ id, sha256 }) => `${id} (sha256 ${sha256.slice(0, 12)})`).join(', ')
    const text = `${run.id}: encoder ${run.encoder.id} (sha256 ${run.encoder.sha256.slice(0, 12)}), data ${data}, seed ${run.request.seed}, ${run.machine.cpu}, Node ${run.machine.node}.`
    return `<li>${escapeHtml(text)}</li>`
  })
  const method =
    'Measures have trec_eval’s semantics; queries without a relevant document do not count. Two-sided paired randomisation test with 100,000 draws, Holm over all pairs of one measure, percentile bootstrap; “could have found” is the smallest difference that this many units would have shown with power .8 at α = .05.'
  return `<p>${escapeHtml(method)}</p><ul>${facts.join('')}</ul>`
}
