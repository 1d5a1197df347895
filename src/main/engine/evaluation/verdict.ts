import {
  CONTROL_ROWS,
  type Difference,
  HEADLINE_MEASURES,
  type Interval,
  LADDER_ROWS,
  type Verdict,
  type VerdictRow,
} from '../../../shared/verdict'
import { randomStream } from '../numeric/random'
import { type ArmScores, mean, meanOverTasks, rowKey } from './arm-scores'
import { pairedDifferences } from './differences'
import { bootstrapMean, bootstrapMeans } from './resampling'
import { verdictWords } from './verdict-words'

/** The ladder for seen or unseen cards at one number of examples. Tables of different numbers are never mixed: n differs. */
export interface LadderTable {
  readonly cards: 'seen' | 'unseen'
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
  readonly seed: number
  readonly trainedTasks: number
  readonly seconds: Verdict['seconds']
}

export function buildVerdict(options: VerdictOptions): Verdict {
  const { tables, seed } = options
  const tasks = [
    ...new Set(
      tables.flatMap(({ arms }) => arms.flatMap((arm) => arm.tasks.map(({ task }) => task.task.id))),
    ),
  ]
  const rows = tables.flatMap((table) => table.arms.map((arm) => ladderRow(table, arm, seed)))
  const differences = tables.flatMap((table) => tableDifferences(table, seed))
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

function rowPlace(row: string): number {
  return (LADDER_ROWS as readonly string[]).indexOf(row)
}

function ladderRow(table: LadderTable, arm: ArmScores, seed: number): VerdictRow {
  const row: VerdictRow = {
    row: arm.arm,
    bm25: arm.bm25,
    cards: table.cards,
    examples: table.examples,
    n: arm.tasks.reduce((sum, { queries }) => sum + queries.length, 0),
    mean: Object.fromEntries(HEADLINE_MEASURES.map((measure) => [measure, meanInterval(arm, measure, seed)])),
    taskCount: arm.tasks.length,
    tasks: taskScores(arm, seed),
  }
  const chosen = table.chosen.get(rowKey(arm.arm, arm.bm25))
  if (chosen) row.chosen = chosen
  return row
}

/** Over tasks where there are several, else over the one task's queries. */
function meanInterval(arm: ArmScores, measure: string, seed: number): Interval {
  const perTask = arm.tasks.map((task) => task.values.get(measure)!)
  const values = perTask.length === 1 ? perTask[0] : Float64Array.from(perTask, mean)
  return bootstrapMean(values, randomStream(seed, 'bootstrap/row'))
}

/** Per task: n and the measures with intervals over its queries. */
export function taskScores(arm: ArmScores, seed: number): NonNullable<VerdictRow['tasks']> {
  return Object.fromEntries(
    arm.tasks.map(({ task, queries, values }) => {
      const stream = randomStream(seed, `bootstrap/${task.task.id}`)
      const columns = HEADLINE_MEASURES.map((measure) => values.get(measure)!)
      const intervals = bootstrapMeans(columns, stream, TASK_DRAWS)
      const measures = Object.fromEntries(HEADLINE_MEASURES.map((measure, i) => [measure, intervals[i]]))
      return [task.task.id, { n: queries.length, measures }]
    }),
  )
}

/** The control that is best on these very tests: choosing it so favours the control, never the card. */
export function bestControl(table: LadderTable, measure: string): ArmScores | undefined {
  const controls = table.arms.filter(
    ({ arm, bm25 }) => !bm25 && (CONTROL_ROWS as readonly string[]).includes(arm),
  )
  return controls.reduce<ArmScores | undefined>(
    (best, arm) => (best && meanOverTasks(best, measure) >= meanOverTasks(arm, measure) ? best : arm),
    undefined,
  )
}

/** The task card against every other row; fused with BM25 against every other fused one. */
function tableDifferences(table: LadderTable, seed: number): Difference[] {
  const { cards, examples } = table
  const against = (bm25: boolean): Difference[] => {
    const arms = table.arms.filter((arm) => arm.bm25 === bm25)
    const card = arms.find(({ arm }) => arm === 'task card')
    const others = arms.filter((arm) => arm !== card)
    if (!card || others.length === 0) return []
    return pairedDifferences(card, others, { cards, examples, measures: HEADLINE_MEASURES, seed })
  }
  const plain = against(false)
  const fused = against(true)
  return HEADLINE_MEASURES.flatMap((measure) => {
    const best = bestControl(table, measure)
    const ofMeasure = (difference: Difference) => difference.measure === measure
    const lead = plain
      .filter((difference) => ofMeasure(difference) && difference.b === best?.arm)
      .map((difference) => ({ ...difference, b: `best control: ${difference.b}` }))
    return [...lead, ...plain.filter(ofMeasure), ...fused.filter(ofMeasure)]
  })
}

function extremeTasks(tables: readonly LadderTable[]): Verdict['extremes'] {
  const table =
    tables.find(({ cards, examples }) => cards === 'unseen' && examples === 0) ??
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
