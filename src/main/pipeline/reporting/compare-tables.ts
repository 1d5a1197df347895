import { stat } from 'node:fs/promises'
import { HydraError } from '../../../shared/errors'
import { CARD_GROUPS } from '../../../shared/ladder'
import type { Comparison, ResolvedComparisonRequest } from '../../../shared/schemas/comparison'
import type { RunRecord } from '../../../shared/schemas/run'
import type { VerdictRow } from '../../../shared/schemas/verdict'
import { differInSeedOnly } from '../../../shared/seed-only'
import { systemLabel } from '../../../shared/system-name'
import { readDatasetRecord } from '../../engine/datasets/dataset-record'
import { protocolOf } from '../../engine/datasets/protocol'
import { compareSystems, type SystemScores } from '../../engine/reporting/compare-systems'
import { configurationOf, differingSettings } from '../../engine/reporting/differing-settings'
import { FEW_TASKS, type Sampling, samplingOf } from '../../engine/statistics/inference'
import { workspacePaths } from '../../workspace/paths'
import { readRun } from '../../workspace/runs/run-folder'
import { type QueryScores, readTaskScores, readVerdict } from '../../workspace/runs/run-results'
import { memoisedPromises } from '../memoised-promises'
import { comparedParts } from './compared-parts'
import { clustersIn, columnOf, type ScoredTable } from './scored-table'
import { spreadOverSeeds } from './seed-spread'

/** More systems than letters, or than a table can hold. */
const MOST_SYSTEMS = 26

/** Which table of which runs. */
type TableRequest = Pick<ResolvedComparisonRequest, 'runs' | 'cards' | 'examples'>

/** Of those that were looked at last: a page asks again for each window of queries. */
const tablesOpened = memoisedPromises<ScoredTable>(8)

/** The tables of the runs, once it is certain that they were scored on the same queries. */
export async function openTables(workspace: string, request: TableRequest): Promise<ScoredTable[]> {
  const tables: ScoredTable[] = []
  for (const id of request.runs) {
    // A run that was scored again, or whose record was changed, is read anew.
    const { record, results } = workspacePaths(workspace).run((await readRun(workspace, id)).id)
    const times = await Promise.all([record, results].map((path) => stat(path).catch(() => null)))
    const key = [workspace, id, request.cards, request.examples, ...times.map((time) => time?.mtimeMs)]
    tables.push(await tablesOpened(JSON.stringify(key), () => openTable(workspace, id, request)))
  }
  for (const other of tables.slice(1)) await requireSameQueries(workspace, tables[0], other)
  return tables
}

export function compareTables(
  tables: readonly ScoredTable[],
  request: ResolvedComparisonRequest,
): Comparison {
  const [first] = tables
  const chosen = tables.flatMap((table) =>
    chosenRows(table, request.rows, tables.length).map((row) => ({ table, row })),
  )
  if (chosen.length === 0) throw unknownRows(request.rows, tables)
  if (chosen.length > MOST_SYSTEMS)
    throw new HydraError('USAGE', {
      expected: `at most ${MOST_SYSTEMS} rows in all`,
      got: String(chosen.length),
      remedy: 'Name fewer of them.',
      command: 'hydra compare RUN --rows ROW,ROW',
    })
  const measures = chosenMeasures(
    chosen.map(({ row }) => row),
    request.measures,
  )
  const systems = chosen.map(({ table, row }): SystemScores => {
    const key = systemLabel(row)
    // In the first run's order of tasks: another seed draws another one.
    const columns = measures.map(
      (measure) => [measure, columnOf(table, [...first.queries.keys()], key, measure)] as const,
    )
    const name = tables.length > 1 ? `${key} · ${table.run.id}` : key
    return { name, run: table.run.id, row: key, values: new Map(columns) }
  })
  const sampling = samplingFor(first, request.over)
  const options = { measures, sampling, seed: request.seed }
  const differs = tables.length > 1 ? differingSettings(tables.map(({ run }) => configurationOf(run))) : []
  const documents = comparedParts(tables, systems, options)
  const seeds = differInSeedOnly(differs) ? spreadOverSeeds(tables, systems, options) : []
  return {
    version: 2,
    cards: first.cards,
    examples: first.examples,
    unit: sampling.unit,
    units: sampling.n,
    tasks: [...first.queries.keys()],
    n: [...first.queries.values()].reduce((sum, { length }) => sum + length, 0),
    measures,
    ...compareSystems(systems, options),
    ...(documents.length > 0 ? { documents } : {}),
    ...(seeds.length > 0 ? { seeds } : {}),
    runs: tables.map(({ run }) => run.id),
    differs,
  }
}

/** The unit of the verdict on the same table, unless another one is asked for and can be had. */
function samplingFor({ queries, verdict }: ScoredTable, over: 'queries' | 'tasks' | undefined): Sampling {
  const counts = [...queries.values()].map(({ length }) => length)
  const usual = samplingOf(counts, clustersIn(verdict, [...queries.keys()]))
  const isTasks = usual.unit === 'tasks' || usual.unit === 'clusters of tasks'
  if (over === 'tasks' && !isTasks) {
    throw new HydraError('USAGE', {
      expected: `at least ${FEW_TASKS} tasks that do not overlap, to be a sample of tasks`,
      got: `${queries.size} tasks`,
      remedy: 'Leave the unit open: with few tasks the queries within each task are drawn.',
      command: 'hydra compare RUN',
    })
  }
  if (over !== 'queries' || !isTasks) return usual
  return { ...usual, unit: 'queries within tasks', n: counts.reduce((sum, count) => sum + count, 0) }
}

async function openTable(
  workspace: string,
  id: string,
  request: Omit<TableRequest, 'runs'>,
): Promise<ScoredTable> {
  const run = await readRun(workspace, id)
  const verdict = await readVerdict(workspace, id)
  if (!verdict) {
    throw new HydraError('RUN_INCOMPLETE', {
      expected: `results.json in the folder of ${id}`,
      got: `none; it is ${run.state}`,
      remedy: 'Evaluate it.',
      command: `hydra evaluate ${id}`,
    })
  }
  const fits = verdict.rows.filter(
    ({ cards, examples }) =>
      (request.cards ?? cards) === cards && (request.examples ?? examples) === examples,
  )
  const [head] = [...fits].sort(
    (a, b) => CARD_GROUPS.indexOf(a.cards) - CARD_GROUPS.indexOf(b.cards) || a.examples - b.examples,
  )
  if (!head) {
    const there = new Set(
      verdict.rows.map(({ cards, examples }) => `${cards} cards with ${examples} examples`),
    )
    throw new HydraError('OPTION_UNKNOWN', {
      expected: `a table of ${id}: ${[...there].join(', ')}`,
      got: `${request.cards ?? 'any'} cards with ${request.examples ?? 'any number of'} examples`,
      remedy: 'Choose one of these.',
      command: 'hydra compare RUN --cards CARDS --examples K',
    })
  }
  const { cards, examples } = head
  const rows = fits.filter((row) => row.cards === cards && row.examples === examples)
  const queries = new Map<string, string[]>()
  const scores = new Map<string, Record<string, Record<string, number>>[]>()
  const documents = new Map<string, QueryScores['documents'][]>()
  for (const task of Object.keys(head.tasks ?? {})) {
    const lines = (await readTaskScores(workspace, id, task)).lines.filter(
      (line) => line.examples === examples,
    )
    queries.set(
      task,
      lines.map(({ query }) => query),
    )
    scores.set(
      task,
      lines.map((line) => line.scores),
    )
    documents.set(
      task,
      lines.map((line) => line.documents),
    )
  }
  return { run, verdict, cards, examples, rows, queries, scores, documents }
}

async function requireSameQueries(workspace: string, a: ScoredTable, b: ScoredTable): Promise<void> {
  const refuse = (expected: string, got: string) => {
    throw new HydraError('RUNS_INCOMPARABLE', {
      expected,
      got,
      remedy: 'Compare runs on the same tasks and data, or choose another table.',
      command: 'hydra compare RUN RUN --cards CARDS --examples K',
      where: `${a.run.id} and ${b.run.id}`,
    })
  }
  for (const { id, sha256 } of a.run.datasets) {
    const other = b.run.datasets.find((dataset) => dataset.id === id)
    if (other && other.sha256 !== sha256)
      refuse(`the same data of ${id}`, `sha256 ${sha256.slice(0, 12)} and ${other.sha256.slice(0, 12)}`)
  }
  const missing = [...a.queries.keys()].filter((task) => !b.queries.has(task))
  const further = [...b.queries.keys()].filter((task) => !a.queries.has(task))
  if (missing.length + further.length > 0)
    refuse(
      'the same tasks',
      `only in one of them: ${[...missing, ...further].slice(0, 3).join(', ')} (${missing.length + further.length} in all)`,
    )
  for (const [task, queries] of a.queries) {
    const others = b.queries.get(task)!
    if (queries.length !== others.length || queries.some((query, i) => query !== others[i]))
      refuse(
        `the same test queries of ${task}`,
        `${queries.length} and ${others.length}, which are not the same`,
      )
  }
  if (a.examples !== b.examples && (await anyHides(workspace, a.run)))
    refuse('as many examples on the cards, whose documents are hidden', `${a.examples} and ${b.examples}`)
}

/** Whether what a card shows leaves the judgments: then tables of different numbers of examples have other answers. */
async function anyHides(workspace: string, run: RunRecord): Promise<boolean> {
  const paths = workspacePaths(workspace)
  const records = await Promise.all(
    run.datasets.map(({ id }) => readDatasetRecord(paths.dataset(id)).catch(() => null)),
  )
  return records.some((record) => record === null || protocolOf(record).hideShown)
}

function chosenRows({ rows }: ScoredTable, asked: readonly string[], runs: number): VerdictRow[] {
  if (asked.length > 0) return asked.flatMap((name) => rows.filter((row) => systemLabel(row) === name))
  const plain = rows.filter(({ bm25 }) => !bm25)
  if (runs === 1) return plain
  return [plain.find(({ row }) => row === 'task card') ?? plain[0]]
}

function chosenMeasures(rows: readonly VerdictRow[], asked: readonly string[]): string[] {
  const shared = Object.keys(rows[0].mean).filter((measure) => rows.every(({ mean }) => measure in mean))
  const unknown = asked.find((measure) => !shared.includes(measure))
  if (unknown === undefined) return asked.length > 0 ? [...asked] : shared
  throw new HydraError('OPTION_UNKNOWN', {
    expected: `a measure that every run has: ${shared.join(', ')}`,
    got: JSON.stringify(unknown),
    remedy: 'Score the runs with it.',
    command: `hydra evaluate RUN --measures "${unknown}"`,
  })
}

export function unknownRows(asked: readonly string[], tables: readonly ScoredTable[]): HydraError {
  const there = new Set(tables.flatMap(({ rows }) => rows.map((row) => systemLabel(row))))
  return new HydraError('OPTION_UNKNOWN', {
    expected: `rows of these runs: ${[...there].join(', ')}`,
    got: asked.map((name) => JSON.stringify(name)).join(', '),
    remedy: 'Name some of them.',
    command: 'hydra compare RUN --rows ROW,ROW',
  })
}
