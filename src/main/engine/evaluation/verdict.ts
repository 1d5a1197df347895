import {
  type Cards,
  CONTROLS,
  type Difference,
  type Interval,
  SYSTEMS,
  type Verdict,
  type VerdictRow,
} from '../../../shared/schemas/verdict'
import { systemLabel } from '../../../shared/system-name'
import { randomStream } from '../numeric/random'
import { bootstrapMean, bootstrapMeans } from '../statistics/resampling'
import { correctFamilies, pairedDifferences, type ScoredRow } from './differences'
import { mean, meanOverTasks, type SystemScores } from './system-scores'
import { verdictWords } from './verdict-words'

/** The ladder for one group of cards at one number of examples. Tables of different numbers are never mixed: n differs. */
export interface LadderTable {
  readonly cards: Cards
  readonly examples: number
  readonly systems: readonly SystemScores[]
  /** Per row, how it was set on dev. */
  readonly chosen: ReadonlyMap<string, string>
}

export const HEADLINE = 'nDCG@10'
const TASK_DRAWS = 1000
const EXTREMES = 5

export interface VerdictOptions {
  readonly run: string
  readonly tables: readonly LadderTable[]
  /** Names, in the order shown. */
  readonly measures: readonly string[]
  readonly seed: number
  readonly trainedTasks: number
  readonly seconds: Verdict['seconds']
}

export function buildVerdict(options: VerdictOptions): Verdict {
  const { tables } = options
  const tasks = [
    ...new Set(
      tables.flatMap(({ systems }) =>
        systems.flatMap((system) => system.tasks.map(({ task }) => task.task.id)),
      ),
    ),
  ]
  const rows = tables.flatMap((table) => table.systems.map((system) => ladderRow(table, system, options)))
  const differences = tables.flatMap((table) => tableDifferences(table, options))
  return {
    version: 1,
    run: options.run,
    tasks,
    rows: rows.sort((a, b) => rowPlace(a.row) - rowPlace(b.row) || Number(a.bm25) - Number(b.bm25)),
    differences,
    extremes: extremeTasks(tables),
    words: verdictWords({ rows, differences, trainedTasks: options.trainedTasks }),
    seconds: options.seconds,
  }
}

/** In the ladder's order; what is no row of ours, last. */
function rowPlace(row: string): number {
  const place = (SYSTEMS as readonly string[]).indexOf(row)
  return place < 0 ? SYSTEMS.length : place
}

export function ladderRow(
  table: Pick<LadderTable, 'cards' | 'examples' | 'chosen'>,
  system: ScoredRow,
  { measures, seed }: Pick<VerdictOptions, 'measures' | 'seed'>,
): VerdictRow {
  const row: VerdictRow = {
    row: system.row,
    bm25: system.bm25,
    cards: table.cards,
    examples: table.examples,
    n: system.tasks.reduce((sum, { queries }) => sum + queries.length, 0),
    mean: Object.fromEntries(measures.map((measure) => [measure, meanInterval(system, measure, seed)])),
    taskCount: system.tasks.length,
    tasks: taskScores(system, measures, seed),
  }
  const chosen = table.chosen.get(systemLabel(system))
  if (chosen) row.chosen = chosen
  return row
}

/** Over tasks where there are several, else over the one task's queries. */
function meanInterval(system: ScoredRow, measure: string, seed: number): Interval {
  const perTask = system.tasks.map((task) => task.values.get(measure)!)
  const values = perTask.length === 1 ? perTask[0] : Float64Array.from(perTask, mean)
  return bootstrapMean(values, randomStream(seed, 'bootstrap/row'))
}

/** Per task: n and the measures with intervals over its queries. */
export function taskScores(
  system: ScoredRow,
  names: readonly string[],
  seed: number,
): NonNullable<VerdictRow['tasks']> {
  return Object.fromEntries(
    system.tasks.map(({ task, queries, values }) => {
      const stream = randomStream(seed, `bootstrap/${task.task.id}`)
      const columns = names.map((measure) => values.get(measure)!)
      const intervals = bootstrapMeans(columns, stream, TASK_DRAWS)
      const measures = Object.fromEntries(names.map((measure, i) => [measure, intervals[i]]))
      return [task.task.id, { n: queries.length, measures }]
    }),
  )
}

/** The control that is best on these very tests: choosing it so favours the control, never the card. */
export function bestControl(table: LadderTable, measure: string): SystemScores | undefined {
  const controls = table.systems.filter(
    ({ row, bm25 }) => !bm25 && (CONTROLS as readonly string[]).includes(row),
  )
  return controls.reduce<SystemScores | undefined>(
    (best, system) =>
      best && meanOverTasks(best, measure) >= meanOverTasks(system, measure) ? best : system,
    undefined,
  )
}

/** The task card against every other row; fused with BM25 against every other fused one. */
function tableDifferences(table: LadderTable, { measures, seed }: VerdictOptions): Difference[] {
  const { cards, examples } = table
  const against = (bm25: boolean): Difference[] => {
    const systems = table.systems.filter((system) => system.bm25 === bm25)
    const card = systems.find(({ row }) => row === 'task card')
    const others = systems.filter((system) => system !== card)
    if (!card || others.length === 0) return []
    return pairedDifferences(card, others, { cards, examples, measures, seed })
  }
  const tested = correctFamilies([...against(false), ...against(true)])
  return measures.flatMap((measure) => {
    const best = bestControl(table, measure)
    const ofMeasure = (difference: Difference) => difference.measure === measure
    const lead = tested
      .filter((difference) => ofMeasure(difference) && difference.b === best?.row)
      .map((difference) => ({ ...difference, b: `best control: ${difference.b}` }))
    return [...lead, ...tested.filter(ofMeasure)]
  })
}

function extremeTasks(tables: readonly LadderTable[]): Verdict['extremes'] {
  const table =
    tables.find(({ cards, examples }) => cards !== 'seen' && examples === 0) ??
    tables.find(({ examples }) => examples === 0)
  const card = table?.systems.find(({ row, bm25 }) => row === 'task card' && !bm25)
  const control = table && bestControl(table, HEADLINE)
  if (!card || !control) return { best: [], worst: [] }
  const leads = card.tasks.map(({ task, queries, values }, t) => ({
    task: task.task.id,
    name: task.task.card.name,
    n: queries.length,
    card: mean(values.get(HEADLINE)!),
    control: mean(control.tasks[t].values.get(HEADLINE)!),
  }))
  leads.sort((a, b) => b.card - b.control - (a.card - a.control))
  return { best: leads.slice(0, EXTREMES), worst: leads.slice(-EXTREMES).reverse() }
}
