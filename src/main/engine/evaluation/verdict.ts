import type { CardExperts } from '../../../shared/schemas/card-experts'
import type { HoldOut } from '../../../shared/schemas/run'
import type { HandOutDecision } from '../../../shared/schemas/runs/hand-out'
import type { Forecast } from '../../../shared/schemas/tables/forecast'
import {
  type Cards,
  type ClusteredLead,
  CONTROLS,
  type Difference,
  type DocumentPart,
  type LeadByNearness,
  SYSTEMS,
  type TaskScore,
  type Verdict,
  type VerdictRow,
} from '../../../shared/schemas/verdict'
import { isSameSystem, systemLabel } from '../../../shared/system-name'
import type { Task } from '../datasets/collection'
import { taskClusters } from '../datasets/document-sets'
import { type NearestTrained, nearestTrained } from '../datasets/nearest-trained'
import { randomStream } from '../numeric/random'
import { intervalsOf, meanOf, type Sampling, samplingOf } from '../statistics/inference'
import { bootstrapMeans } from '../statistics/resampling'
import { clusteredLead, nestedClusters } from './apart/clustered-leads'
import { documentParts, type TrainedDocuments, trainedDocuments } from './apart/document-parts'
import { leadsByNearness } from './apart/leads-by-nearness'
import { correctFamilies, pairedDifferences, type ScoredRow } from './differences'
import { meanOverTasks, type SystemScores } from './system-scores'
import { verdictLimits } from './verdict-limits'
import { verdictWords } from './verdict-words'

/** The ladder for one group of cards at one number of examples. Tables of different numbers are never mixed: n differs. */
export interface LadderTable {
  readonly cards: Cards
  readonly examples: number
  readonly systems: readonly SystemScores[]
  /** Per row, how it was set on dev. */
  readonly chosen: ReadonlyMap<string, string>
  /** What is handed out for its cards, and why; none where nothing was chosen. */
  readonly decisions?: readonly HandOutDecision[]
  /** Which experts make the head of each card, by task id; absent or null where none do. */
  readonly experts?: ReadonlyMap<string, CardExperts> | null
}

export const HEADLINE = 'nDCG@10'
const HANDED_OUT = 'handed out'
const TASK_DRAWS = 1000
const EXTREMES = 5

export interface VerdictOptions {
  readonly run: string
  readonly tables: readonly LadderTable[]
  /** Names, in the order shown. */
  readonly measures: readonly string[]
  /** Whose queries were scored; test where nothing is said. */
  readonly split?: 'test' | 'dev'
  /** Documents of a ranking that the measures look at. */
  readonly depth: number
  readonly seed: number
  /** Tasks that a network was trained on; empty where nothing was trained. */
  readonly trained: readonly Task[]
  readonly holdOut: HoldOut
  /** What left-out tasks teach of the next card. */
  readonly forecast?: Forecast
  readonly seconds: Verdict['seconds']
}

export function buildVerdict(options: VerdictOptions): Verdict {
  // Of a tiny collection the examples on a card may hide every answer.
  const tables = options.tables.filter(({ systems }) => systems.some(({ tasks }) => tasks.length > 0))
  const tested = [
    ...new Set(
      tables.flatMap(({ systems }) => systems.flatMap(({ tasks }) => tasks.map(({ task }) => task.task))),
    ),
  ]
  const clusters = taskClusters(tested)
  const samplings = new Map(tables.map((table) => [table, tableSampling(table.systems[0], clusters)]))
  const rows = tables.flatMap((table) =>
    table.systems.map((system) => ladderRow(table, system, { ...options, sampling: samplings.get(table)! })),
  )
  const differences = tables.flatMap((table) => tableDifferences(table, samplings.get(table)!, options))
  const { trained, holdOut } = options
  const unseen = [
    ...new Set(
      tables.flatMap(({ cards, systems }) =>
        cards === 'seen' ? [] : systems[0].tasks.map(({ task }) => task.task),
      ),
    ),
  ]
  const nearest = new Map(nearestTrained(unseen, trained).map((one, i) => [unseen[i], one]))
  const nearness =
    trained.length === 0 ? [] : tables.flatMap((table) => tableNearness(table, nearest, clusters, options))
  const touched = trainedDocuments(trained)
  const documents = tables.flatMap((table) => tableDocuments(table, touched, clusters, options))
  const clustered = tables.flatMap((table) => tableClusters(table, samplings.get(table)!, options))
  const known = new Set(trained.map(({ collection }) => collection.id))
  const wholeCorpora = unseen.every(({ collection }) => !known.has(collection.id))
  return {
    version: 2,
    run: options.run,
    depth: options.depth,
    tasks: tested.map(({ id }) => id),
    ...(options.split === 'dev' ? { split: options.split } : {}),
    clusters: tested.map(({ id }) => clusters.get(id)!),
    rows: rows.sort((a, b) => rowPlace(a.row) - rowPlace(b.row) || Number(a.bm25) - Number(b.bm25)),
    differences,
    ...(nearness.length > 0 ? { nearness } : {}),
    ...(documents.length > 0 ? { documents } : {}),
    ...(clustered.length > 0 ? { clustered } : {}),
    ...(options.forecast ? { forecast: options.forecast } : {}),
    extremes: extremeTasks(tables),
    words: verdictWords({ rows, differences, documents, wholeCorpora }),
    limits: verdictLimits({
      rows,
      documents,
      trained,
      unseen,
      nearest: [...nearest.values()],
      holdOut,
      collections: [...new Set(tested.map(({ collection }) => collection))],
      split: options.split,
    }),
    seconds: options.seconds,
  }
}

/** The unit of a table. @param clusters by task id */
export function tableSampling(
  { tasks }: Pick<ScoredRow, 'tasks'>,
  clusters: ReadonlyMap<string, number>,
): Sampling {
  return samplingOf(
    tasks.map(({ queries }) => queries.length),
    tasks.map(({ task }) => clusters.get(task.task.id)!),
  )
}

/** In the ladder's order; what is no row of ours, last. */
function rowPlace(row: string): number {
  const place = (SYSTEMS as readonly string[]).indexOf(row)
  return place < 0 ? SYSTEMS.length : place
}

export function ladderRow(
  table: Pick<LadderTable, 'cards' | 'examples' | 'chosen' | 'experts'>,
  system: ScoredRow,
  { measures, seed, sampling }: Pick<VerdictOptions, 'measures' | 'seed'> & { readonly sampling: Sampling },
): VerdictRow {
  const columns = measures.map((measure) => system.tasks.map((task) => task.values.get(measure)!))
  const intervals = intervalsOf(columns, sampling, { seed, use: 'bootstrap/row' })
  const row: VerdictRow = {
    row: system.row,
    bm25: system.bm25,
    cards: table.cards,
    examples: table.examples,
    n: system.tasks.reduce((sum, { queries }) => sum + queries.length, 0),
    unit: sampling.unit,
    units: sampling.n,
    mean: Object.fromEntries(measures.map((measure, m) => [measure, intervals[m]])),
    taskCount: system.tasks.length,
    tasks: taskScores(system, measures, seed, isTaskCard(system) ? table.experts : null),
  }
  const chosen = table.chosen.get(systemLabel(system))
  if (chosen) row.chosen = chosen
  return row
}

function isTaskCard({ row, bm25 }: ScoredRow): boolean {
  return row === 'task card' && !bm25
}

/** Per task: n, the measures with intervals over its queries, and who makes its head. */
function taskScores(
  system: ScoredRow,
  names: readonly string[],
  seed: number,
  experts: LadderTable['experts'],
): NonNullable<VerdictRow['tasks']> {
  return Object.fromEntries(
    system.tasks.map(({ task, queries, values, seconds }) => {
      const stream = randomStream(seed, `bootstrap/${task.task.id}`)
      const columns = names.map((measure) => values.get(measure)!)
      const intervals = bootstrapMeans(columns, stream, TASK_DRAWS)
      const measures = Object.fromEntries(names.map((measure, i) => [measure, intervals[i]]))
      const score: TaskScore = { n: queries.length, measures }
      const made = experts?.get(task.task.id)
      if (made) score.experts = made
      if (seconds !== undefined) score.seconds = seconds
      return [task.task.id, score]
    }),
  )
}

/** The control that is best on these very tests: choosing it so favours the control, never the card. */
function bestControl(table: LadderTable, measure: string): SystemScores | undefined {
  const controls = table.systems.filter(
    ({ row, bm25 }) => !bm25 && (CONTROLS as readonly string[]).includes(row),
  )
  return controls.reduce<SystemScores | undefined>(
    (best, system) =>
      best && meanOverTasks(best, measure) >= meanOverTasks(system, measure) ? best : system,
    undefined,
  )
}

/**
 * The task card against every other row, fused with BM25 against every other fused one; and what is handed out, which is one of
 * these rows task by task, against the frozen encoder; with BM25 beside it, against this with and without BM25.
 */
function tableDifferences(
  table: LadderTable,
  sampling: Sampling,
  { measures, seed }: VerdictOptions,
): Difference[] {
  const { cards, examples } = table
  const against = (bm25: boolean) => {
    const systems = table.systems.filter((system) => system.bm25 === bm25)
    const card = systems.find(({ row }) => row === 'task card')
    const others = systems.filter((system) => system !== card && system.row !== HANDED_OUT)
    if (!card || others.length === 0) return []
    return pairedDifferences(card, others, { cards, examples, measures, sampling, seed })
  }
  const gain = (bm25: boolean) => {
    const named = (name: string, beside: boolean) =>
      table.systems.find((system) => system.row === name && system.bm25 === beside)
    const handed = named(HANDED_OUT, bm25)
    const controls = [named('frozen', false), ...(bm25 ? [named('frozen', true)] : [])].filter(
      (one) => one !== undefined,
    )
    return handed ? pairedDifferences(handed, controls, { cards, examples, measures, sampling, seed }) : []
  }
  const tested = correctFamilies([...against(false), ...against(true), ...gain(false), ...gain(true)])
  return measures.flatMap((measure) => {
    const control = bestControl(table, measure)
    const isLead = (difference: (typeof tested)[number]) =>
      control !== undefined &&
      isSameSystem(difference.b, control) &&
      isSameSystem(difference.a, { row: 'task card', bm25: false })
    return tested
      .filter((difference) => difference.measure === measure)
      .map((difference) => ({ ...difference, best: isLead(difference) }))
      .sort((a, b) => Number(b.best) - Number(a.best))
  })
}

/** Of unseen cards; of trained ones the nearest trained card is the card itself. */
function tableNearness(
  table: LadderTable,
  nearest: ReadonlyMap<Task, NearestTrained>,
  clusters: ReadonlyMap<string, number>,
  { seed }: VerdictOptions,
): LeadByNearness[] {
  const { cards, examples, systems } = table
  const card = systems.find(({ row, bm25 }) => row === 'task card' && !bm25)
  const control = bestControl(table, HEADLINE)
  if (cards === 'seen' || !card || !control) return []
  const leads = leadsByNearness({
    card,
    control,
    measure: HEADLINE,
    nearness: card.tasks.map(({ task }) => nearest.get(task.task)!.nearness),
    samplingOf: (some) => tableSampling(some, clusters),
    seed,
  })
  return leads.map((lead) => ({ cards, examples, ...lead }))
}

/** Of whatever was trained, and of unseen cards over a trained corpus. */
function tableDocuments(
  table: LadderTable,
  documents: TrainedDocuments,
  clusters: ReadonlyMap<string, number>,
  { measures, split = 'test', seed }: VerdictOptions,
): DocumentPart[] {
  const { cards, examples, systems } = table
  const parts = documentParts({
    systems,
    documents,
    split,
    measures,
    card: systems.find(({ row, bm25 }) => row === 'task card' && !bm25),
    control: (measure) => bestControl(table, measure),
    samplingOf: (some) => tableSampling(some, clusters),
    seed,
  })
  return parts.map((part) => ({ cards, examples, ...part }))
}

function tableClusters(
  table: LadderTable,
  sampling: Sampling,
  { measures, seed }: VerdictOptions,
): ClusteredLead[] {
  const { cards, examples, systems } = table
  const card = systems.find(({ row, bm25 }) => row === 'task card' && !bm25)
  if (!card) return []
  const control = (measure: string) => bestControl(table, measure)
  const clusters = nestedClusters(card.tasks.map(({ task }) => task.task))
  const lead = clusteredLead({ card, control, measures, sampling, clusters, seed })
  return lead ? [{ cards, examples, ...lead }] : []
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
    card: meanOf(values.get(HEADLINE)!),
    control: meanOf(control.tasks[t].values.get(HEADLINE)!),
  }))
  leads.sort((a, b) => b.card - b.control - (a.card - a.control))
  return { best: leads.slice(0, EXTREMES), worst: leads.slice(-EXTREMES).reverse() }
}
