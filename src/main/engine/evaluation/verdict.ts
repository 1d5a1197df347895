import {
  type Cards,
  CONTROL_ROWS,
  type Difference,
  type Interval,
  LADDER_ROWS,
  type Verdict,
  type VerdictRow,
} from '../../../shared/schemas/verdict'
import { randomStream } from '../numeric/random'
import { bootstrapMean, bootstrapMeans } from '../statistics/resampling'
import { type ArmScores, mean, meanOverTasks, rowKey } from './arm-scores'
import { correctFamilies, pairedDifferences, type ScoredRow } from './differences'
import { verdictWords } from './verdict-words'

/** The ladder for one group of cards at one number of examples. Tables of different numbers are never mixed: n differs. */
export interface LadderTable {
  readonly cards: Cards
  readonly examples: number
  readonly arms: readonly ArmScores[]
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
      tables.flatMap(({ arms }) => arms.flatMap((arm) => arm.tasks.map(({ task }) => task.task.id))),
    ),
  ]
  const rows = tables.flatMap((table) => table.arms.map((arm) => ladderRow(table, arm, options)))
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
  const place = (LADDER_ROWS as readonly string[]).indexOf(row)
  return place < 0 ? LADDER_ROWS.length : place
}

export function ladderRow(
  table: Pick<LadderTable, 'cards' | 'examples' | 'chosen'>,
  arm: ScoredRow,
  { measures, seed }: Pick<VerdictOptions, 'measures' | 'seed'>,
): VerdictRow {
  const row: VerdictRow = {
    row: arm.arm,
    bm25: arm.bm25,
    cards: table.cards,
    examples: table.examples,
    n: arm.tasks.reduce((sum, { queries }) => sum + queries.length, 0),
    mean: Object.fromEntries(measures.map((measure) => [measure, meanInterval(arm, measure, seed)])),
    taskCount: arm.tasks.length,
    tasks: taskScores(arm, measures, seed),
  }
  const chosen = table.chosen.get(rowKey(arm.arm, arm.bm25))
  if (chosen) row.chosen = chosen
  return row
}

/** Over tasks where there are several, else over the one task's queries. */
function meanInterval(arm: ScoredRow, measure: string, seed: number): Interval {
  const perTask = arm.tasks.map((task) => task.values.get(measure)!)
  const values = perTask.length === 1 ? perTask[0] : Float64Array.from(perTask, mean)
  return bootstrapMean(values, randomStream(seed, 'bootstrap/row'))
}

/** Per task: n and the measures with intervals over its queries. */
function taskScores(
  arm: ScoredRow,
  names: readonly string[],
  seed: number,
): NonNullable<VerdictRow['tasks']> {
  return Object.fromEntries(
    arm.tasks.map(({ task, queries, values }) => {
      const stream = randomStream(seed, `bootstrap/${task.task.id}`)
      const columns = names.map((measure) => values.get(measure)!)
      const intervals = bootstrapMeans(columns, stream, TASK_DRAWS)
      const measures = Object.fromEntries(names.map((measure, i) => [measure, intervals[i]]))
      return [task.task.id, { n: queries.length, measures }]
    }),
  )
}

/** The control that is best on these very tests: choosing it so favours the control, never the card. */
function bestControl(table: LadderTable, measure: string): ArmScores | undefined {
  const controls = table.arms.filter(
    ({ arm, bm25 }) => !bm25 && (CONTROL_ROWS as readonly string[]).includes(arm),
  )
  return controls.reduce<ArmScores | undefined>(
    (best, arm) => (best && meanOverTasks(best, measure) >= meanOverTasks(arm, measure) ? best : arm),
    undefined,
  )
}

/** The task card against every other row; fused with BM25 against every other fused one. */
function tableDifferences(table: LadderTable, { measures, seed }: VerdictOptions): Difference[] {
  const { cards, examples } = table
  const against = (bm25: boolean): Difference[] => {
    const arms = table.arms.filter((arm) => arm.bm25 === bm25)
    const card = arms.find(({ arm }) => arm === 'task card')
    const others = arms.filter((arm) => arm !== card)
    if (!card || others.length === 0) return []
    return pairedDifferences(card, others, { cards, examples, measures, seed })
  }
  const tested = correctFamilies([...against(false), ...against(true)])
  return measures.flatMap((measure) => {
    const best = bestControl(table, measure)
    const ofMeasure = (difference: Difference) => difference.measure === measure
    const lead = tested
      .filter((difference) => ofMeasure(difference) && difference.b === best?.arm)
      .map((difference) => ({ ...difference, b: `best control: ${difference.b}` }))
    return [...lead, ...tested.filter(ofMeasure)]
  })
}

function extremeTasks(tables: readonly LadderTable[]): Verdict['extremes'] {
  const table =
    tables.find(({ cards, examples }) => cards !== 'seen' && examples === 0) ??
    tables.find(({ examples }) => examples === 0)
  const card = table?.arms.find(({ arm, bm25 }) => arm === 'task card' && !bm25)
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
