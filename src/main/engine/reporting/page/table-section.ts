import { figure, signed } from '../../../../shared/figure-words'
import type { ComparedPair, ComparedSystem, Comparison } from '../../../../shared/schemas/comparison'
import type { VerdictRow } from '../../../../shared/schemas/verdict'
import { systemLabel } from '../../../../shared/system-name'
import { caption, isBest } from '../comparison-table'
import { documentTables } from './document-tables'
import { escapeHtml, folded, htmlTable, section } from './html-text'
import { pairTables } from './pair-tables'
import { intervalChart, winsChart } from './report-charts'
import type { ReportedRun } from './reported-run'

const GROUPS: Readonly<Record<Comparison['cards'], string>> = {
  'unseen-combination': 'Unseen combinations',
  'unseen-category': 'Unseen categories',
  'unseen-relation': 'Unseen relations',
  unseen: 'Unseen cards',
  seen: 'Seen cards',
}

/** `Unseen cards, 4 examples` */
export function tableTitle({ cards, examples }: Pick<Comparison, 'cards' | 'examples'>): string {
  const shown =
    examples === 0 ? 'description alone' : `${examples} ${examples === 1 ? 'example' : 'examples'}`
  return `${GROUPS[cards]}, ${shown}`
}

/** Where the table stands on the page. */
export function anchor({ cards, examples }: Pick<Comparison, 'cards' | 'examples'>): string {
  return `${cards}-k${examples}`
}

/** One group of cards at one number of examples: levels, differences, and folded every pair and every task. */
export function tableSection(comparison: Comparison, runs: readonly ReportedRun[]): string {
  return section(
    tableTitle(comparison),
    [
      systemsTable(comparison),
      `<p class="quiet">${escapeHtml(caption(comparison))}</p>`,
      levelChart(comparison, runs),
      ...differenceCharts(comparison),
      ...documentTables(comparison, runs),
      ...(comparison.pairs.length > 0
        ? [folded(`Every pair: ${comparison.pairs.length} differences`, pairTables(comparison))]
        : []),
      ...taskTable(comparison, runs),
    ].filter((part) => part !== ''),
    anchor(comparison),
  )
}

function systemsTable({ systems, measures, tasks }: Comparison): string {
  return htmlTable({
    caption: tasks.length === 1 ? 'Means over queries' : 'Means over tasks, each counting once',
    titles: ['', 'system', ...measures],
    texts: 2,
    most: 7,
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

/** The first measure in a picture, of the systems whose runs have its interval. */
function levelChart(comparison: Comparison, runs: readonly ReportedRun[]): string {
  const [measure] = comparison.measures
  const main = mainSystem(comparison)
  const dots = comparison.systems.flatMap((system) => {
    const interval = rowOf(comparison, system, runs)?.mean[measure]
    return interval ? [{ label: system.name, interval, isMain: system === main }] : []
  })
  if (dots.length === 0) return ''
  return `<h3>${escapeHtml(measure)}, with 95 % intervals</h3>${intervalChart(`${measure} of each system`, dots)}`
}

/** The main system against each other one, in the first measure. */
function differenceCharts(comparison: Comparison): string[] {
  const [measure] = comparison.measures
  const main = mainSystem(comparison)
  const pairs = pairsOf(comparison, main, measure)
  if (pairs.length === 0) return []
  const against = pairs.map((pair) => ({
    ...pair,
    label: `− ${comparison.systems.find(({ letter }) => letter === pair.b)!.name}`,
  }))
  return [
    `<h3>${escapeHtml(`${main.name} against each other system, ${measure}`)}</h3>`,
    intervalChart(
      `Differences of ${main.name}`,
      against.map(({ label, delta, low, high, corrected }) => ({
        label,
        interval: { value: delta, low, high },
        isMain: corrected < 0.05,
      })),
      signed,
    ),
    '<p class="quiet">Paired differences with 95 % bootstrap intervals; the strong colour marks those that are shown (p &lt; .05 after Holm).</p>',
    winsChart(`Queries that ${main.name} wins and loses`, against),
  ]
}

function mainSystem({ systems, measures: [measure] }: Comparison): ComparedSystem {
  const card = systems.find(({ row }) => row === 'task card')
  return card ?? systems.reduce((best, one) => (one.mean[measure] > best.mean[measure] ? one : best))
}

/** Every pair with the main system, turned so that it comes first. */
function pairsOf({ pairs }: Comparison, { letter: main }: ComparedSystem, measure: string): ComparedPair[] {
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

/** The first measure on each task, of every system. */
function taskTable(comparison: Comparison, runs: readonly ReportedRun[]): string[] {
  const { tasks, systems, measures } = comparison
  if (tasks.length < 2) return []
  const [measure] = measures
  const scores = systems.map((system) => rowOf(comparison, system, runs)?.tasks)
  const table = htmlTable({
    caption: `${measure} by task`,
    titles: ['task', 'queries', ...systems.map(({ name }) => name)],
    texts: 1,
    rows: tasks.map((task) => [
      escapeHtml(task),
      String(scores[0]?.[task]?.n ?? ''),
      ...scores.map((one) => {
        const interval = one?.[task]?.measures[measure]
        return interval ? figure(interval.value) : ''
      }),
    ]),
  })
  return [folded(`${measure} by task: ${tasks.length} tasks`, [table])]
}

function rowOf(
  { cards, examples }: Comparison,
  system: ComparedSystem,
  runs: readonly ReportedRun[],
): VerdictRow | undefined {
  const { verdict } = runs.find(({ run }) => run.id === system.run)!
  return verdict.rows.find(
    (row) => systemLabel(row) === system.row && row.cards === cards && row.examples === examples,
  )
}
