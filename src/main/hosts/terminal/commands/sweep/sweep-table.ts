import { figure, signed } from '../../../../../shared/figure-words'
import type { LeftOut, Sweep, SweepRow, SweepTable } from '../../../../../shared/schemas/runs/sweep'
import { HEADLINE_MEASURES } from '../../../../../shared/schemas/verdict'
import { alignTable, type Column } from '../../align-table'
import { textWidth, wrap } from '../../fit-text'
import { formatCount } from '../../format-number'
import { CARD_TITLES, shownExamples } from '../../ladder-table'
import type { ComparableRuns } from './comparable'

const [MEASURE] = HEADLINE_MEASURES
const GAP = 2

/** A sweep as a person reads it: for each group of cards and number of examples a row a point; what is not done; what to do next. */
export function sweepText(sweep: Sweep, compare: ComparableRuns, columns: number): string {
  const parts = [
    `Sweep ${sweep.id.slice(0, 12)}: ${formatCount(sweep.done)} of ${formatCount(sweep.asked)} runs done`,
  ]
  for (const table of sweep.tables) {
    const title = `${CARD_TITLES[table.cards]}, ${shownExamples(table.examples)} · ${MEASURE}, mean ± sd over runs`
    parts.push('', title, '', ...tables(sweep, table, columns))
    const over = sweep.leftOut?.find((one) => one.cards === table.cards && one.examples === table.examples)
    if (over) parts.push('', ...wrap(leftOutWords(over), columns))
  }
  const open = sweep.points.flatMap(({ settings, runs }) =>
    runs
      .filter(({ run }) => run?.state !== 'done')
      .map(({ seed, splitSeed, run }) => {
        const what = [
          ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
          `seed ${seed}`,
          `split seed ${splitSeed}`,
        ]
        const state = run ? `${run.id} is ${run.state}${run.reason ? `: ${run.reason}` : ''}` : 'not made'
        return `- ${what.join(', ')}: ${state}`
      }),
  )
  if (open.length > 0)
    parts.push('', 'Not done; the same command tries again:', ...open.flatMap((line) => wrap(line, columns)))
  for (const { splitSeed, runs } of compare.judgedAlike)
    parts.push('', `Compare, split seed ${splitSeed}: hydra compare ${runs.join(' ')}`)
  if (compare.address) parts.push('', `In the window (npm start): ${compare.address}`)
  return parts.join('\n')
}

/** What all units say together. */
function leftOutWords({ lead, gain, measure }: LeftOut): string {
  const words = ({ units, won, mean, low, high }: LeftOut['lead'], over: string) => {
    const interval = low === null || high === null ? '' : ` [${signed(low)}, ${signed(high)}]`
    return `${signed(mean)}${interval} over ${over}, above it on ${won} of ${units}`
  }
  const leads = lead.units > 0 ? [words(lead, 'the best control')] : []
  return `Left out in turn, ${measure}: ${[...leads, words(gain, 'frozen')].join('; ')}.`
}

/** Systems stand beside one another as far as the width goes, then in a further table under the same settings. */
function tables({ points }: Sweep, { rows }: SweepTable, width: number): string[] {
  const names = Object.keys(points[0].settings)
  const left: Column[] = [
    ...names.map((title) => ({ title })),
    { title: 'tasks', align: 'right' },
    { title: 'n', align: 'right' },
  ]
  const leftCells = rows.map(({ point, n }) => [
    ...names.map((name) => points[point].settings[name]),
    trainedTasks(points[point]),
    String(n),
  ])
  const figures = figureColumns(rows)
  const widthOf = ({ title }: Column, cells: readonly string[]) =>
    GAP + Math.max(...[title, ...cells].map(textWidth))
  const leftWidth = left.reduce(
    (sum, column, i) =>
      sum +
      widthOf(
        column,
        leftCells.map((cells) => cells[i]),
      ),
    0,
  )
  const chunks: (typeof figures)[] = [[]]
  let used = leftWidth
  for (const figure of figures) {
    const own = widthOf(figure.column, figure.cells)
    const last = chunks[chunks.length - 1]
    if (last.length > 0 && used + own > width) {
      chunks.push([figure])
      used = leftWidth + own
    } else {
      last.push(figure)
      used += own
    }
  }
  const texts = chunks.map((chunk) =>
    alignTable(
      [...left, ...chunk.map(({ column }) => column)],
      leftCells.map((cells, i) => [...cells, ...chunk.map((figure) => figure.cells[i])]),
    ),
  )
  return texts.flatMap((text, i) => (i === 0 ? [text] : ['', text]))
}

/** The lead first, since a sweep is read for it; then every system that is not fused, in the order of the ladder. */
function figureColumns(rows: readonly SweepRow[]): { column: Column; cells: string[] }[] {
  const systems = [
    ...new Set(rows.flatMap((one) => one.systems.filter(({ bm25 }) => !bm25).map(({ row }) => row))),
  ]
  const leads = rows.map((row) => row.leads[MEASURE])
  const lead = leads.some(Boolean)
    ? [
        {
          column: { title: 'lead over best control' },
          cells: leads.map((one) => (one ? spread(one, signed) : '')),
        },
        { column: { title: 'best control' }, cells: leads.map((one) => one?.controls.join(', ') ?? '') },
      ]
    : []
  return [
    ...lead,
    ...systems.map((title) => ({
      column: { title },
      cells: rows.map((one) => {
        const found = one.systems.find(({ row, bm25 }) => row === title && !bm25)?.measures[MEASURE]
        return found ? spread(found, figure) : ''
      }),
    })),
  ]
}

function spread(
  { mean, sd }: { mean: number; sd: number | null },
  format: (value: number) => string,
): string {
  return sd === null ? format(mean) : `${format(mean)} ± ${figure(sd)}`
}

/** Trained tasks of the point's runs: split seeds may leave different numbers. */
function trainedTasks({ runs }: Sweep['points'][number]): string {
  const counts = runs.flatMap(({ run }) => (run?.state === 'done' ? [run.tasks.seen] : []))
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  return least === most ? formatCount(least) : `${formatCount(least)}–${formatCount(most)}`
}
