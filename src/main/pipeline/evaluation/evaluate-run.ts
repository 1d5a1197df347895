import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Cards, HEADLINE_MEASURES } from '../../../shared/ladder'
import type { RunRecord } from '../../../shared/schemas/run'
import type { Verdict } from '../../../shared/schemas/verdict'
import { systemLabel } from '../../../shared/system-name'
import type { Collection, Task } from '../../engine/datasets/collection'
import { partsOfQueries, trainedDocuments } from '../../engine/evaluation/apart/document-parts'
import { buildForecast } from '../../engine/evaluation/forecast/build-forecast'
import { forecastRows } from '../../engine/evaluation/forecast/forecast-rows'
import { rankingDepth, scoreLadder } from '../../engine/evaluation/ladder'
import {
  NETWORK_SYSTEMS,
  type NetworkSystem,
  type NetworkSystems,
} from '../../engine/evaluation/network-systems'
import { meanOverTasks } from '../../engine/evaluation/system-scores'
import { buildVerdict, HEADLINE, type LadderTable } from '../../engine/evaluation/verdict'
import { createHypernetwork, type Hypernetwork } from '../../engine/hypernet/hypernetwork'
import { distinctMeasures } from '../../engine/measures'
import type { EncodedCollection, EncodedTask } from '../../engine/preferences/encoded-collection'
import { parseOptions } from '../../engine/registry/registry'
import { bm25 } from '../../engine/teachers/bm25'
import { type Bm25Index, createBm25Index, FEWEST_DOCUMENTS } from '../../engine/teachers/bm25-index'
import { type Checkpoint, decodeCheckpoint } from '../../engine/training/checkpoint'
import { chooseHeadBackend } from '../../engine/training/choose-backend'
import { MANY_TASKS } from '../../engine/training/recipes/recipes'
import { workspacePaths } from '../../workspace/paths'
import { writeHandOut } from '../../workspace/runs/run-hand-out'
import { type QueryScores, writeTaskScores, writeVerdict } from '../../workspace/runs/run-results'
import { meanOfDescriptions, meanOfWordings } from '../encoding/encode-tasks'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { teacherRankings } from '../teachers/teacher-rankings'
import { rankedPairs, stageCost } from '../training/stage-cost'
import { checkpointName, type TrainedSystem, trainedName, trainedSystems } from '../training/trained-systems'
import { besideVerdict } from './beside-verdict'
import { openRunFiles } from './run-files'

/** Run files of more tasks than this are written compressed: those of the demo are 240 MB of text a run. */
const MANY_TASKS_FILES = 50

interface EvaluateOptions {
  readonly run: RunRecord
  readonly seen: readonly EncodedTask[]
  readonly unseen: readonly EncodedTask[]
  /** Left out of training to choose on. */
  readonly ruleTasks: readonly EncodedTask[]
  /** Beside the headline ones. */
  readonly measures?: readonly string[]
  readonly seconds: { readonly encode: number; readonly train: number }
  /** Fingerprint of the encoder. */
  readonly encoder: string
  /** ONNX Runtime's threads for the score products. */
  readonly threads?: number
}

/** Scores a run's ladder and writes results.json, the per-query scores and the TREC run files. */
export async function evaluateRun(options: EvaluateOptions, context: OperationContext): Promise<Verdict> {
  const { run, seen, unseen, ruleTasks, seconds } = options
  const started = context.now().getTime()
  const seed = run.request.seed
  const trained = await openNetworks(run, context)
  const tasks = seen.length + unseen.length
  const measures = distinctMeasures([...HEADLINE_MEASURES, ...(options.measures ?? [])])
  const depth = rankingDepth(measures)
  const runFiles = await openRunFiles(context.workspace, run.id, {
    tasks,
    compressed: tasks > MANY_TASKS_FILES,
  })
  const meter = progressMeter({ phase: 'evaluate', unit: 'tasks', emit: context.emit, now: context.now })
  try {
    const controlMean = meanOfDescriptions(seen)
    const tables = await scoreLadder({
      seen,
      unseen,
      ruleTasks,
      controlMean,
      networkMean: trained.descriptionMean ?? meanOfWordings(seen),
      networks: trained.rows,
      lexical: fusesBm25(run, [...seen, ...unseen]) ? lexicalScores() : undefined,
      normalisation: run.request.normalisation,
      teacher: await teacherRankings({ run, seen, encoder: options.encoder, depth }, context),
      feedbackWeight: run.recipe?.feedbackWeight ?? 0,
      measures,
      split: run.request.split,
      rows: run.request.rows?.length ? run.request.rows : run.kind === 'frozen' ? ['frozen'] : [],
      // A network that was trained without examples is tested without.
      mostExamples: run.kind === 'frozen' || run.recipe?.maxExamples === 0 ? 0 : Number.POSITIVE_INFINITY,
      seed,
      signal: context.signal,
      threads: options.threads,
      onProgress: meter,
      onTable(table) {
        const names = measures.map(({ name }) => name)
        context.emit({
          type: 'ladder',
          at: context.now().getTime(),
          run: run.id,
          ...tableMeans(table, names),
        })
      },
      onRankings: runFiles.add,
    })
    const trainedOn = trained.descriptionMean ? seen.map(({ task }) => task) : []
    await besideVerdict('The TREC run files', run.id, runFiles.close, context)
    await besideVerdict(
      'The per-query scores',
      run.id,
      () => writeScores(run, tables, trainedOn, context),
      context,
    )
    const evaluate = (context.now().getTime() - started) / 1000
    const work = rankedPairs(
      seen.map(({ task }) => task),
      unseen.map(({ task }) => task),
    )
    context.emit(stageCost({ run: run.id, stage: 'evaluate', seconds: evaluate, work }, context.now()))
    const leftOut = trained.descriptionMean
      ? forecastRows(tables, {
          seen,
          networkMean: trained.descriptionMean,
          conditioning: run.recipe?.conditioning ?? [],
          feedbackWeight: run.recipe?.feedbackWeight ?? 0,
          seed,
        })
      : []
    const verdict = buildVerdict({
      run: run.id,
      tables,
      measures: measures.map(({ name }) => name),
      split: run.request.split,
      seed,
      depth,
      trained: trainedOn,
      holdOut: run.request.holdOut,
      ...(leftOut.length > 0 ? { forecast: buildForecast(leftOut) } : {}),
      seconds: { ...seconds, evaluate, total: seconds.encode + seconds.train + evaluate },
    })
    if (trained.rows['task card']) {
      // Tables of unseen cards apart by what was never trained share theirs.
      const decisions = [...new Set(tables.flatMap((table) => table.decisions ?? []))]
      const handOut = { version: 3 as const, measure: HEADLINE, descriptionMean: [...controlMean], decisions }
      await writeHandOut(context.workspace, run.id, handOut)
    }
    await writeVerdict(context.workspace, run.id, verdict)
    return verdict
  } finally {
    await runFiles.close().catch(() => {})
    trained.dispose()
  }
}

/** What a reader sees of a table before its intervals are drawn. */
function tableMeans({ cards, examples, systems }: LadderTable, measures: readonly string[]) {
  const tested = systems[0]?.tasks ?? []
  return {
    cards,
    examples,
    tasks: tested.length,
    queries: tested.reduce((sum, { queries }) => sum + queries.length, 0),
    rows: systems.map((system) => ({
      row: system.row,
      bm25: system.bm25,
      mean: Object.fromEntries(measures.map((measure) => [measure, meanOverTasks(system, measure)])),
    })),
  }
}

interface TrainedNetworks {
  readonly rows: NetworkSystems
  /** [d] what their cards are centred on; null: nothing was trained. */
  readonly descriptionMean: Float32Array | null
  dispose(): void
}

/** The networks of a run, by row: whatever has a checkpoint. */
export async function openNetworks(run: RunRecord, context: OperationContext): Promise<TrainedNetworks> {
  const networks = new Map<string, Hypernetwork>()
  const trained = new Set<NetworkSystem>()
  let descriptionMean: Float32Array | null = null
  for (const system of trainedSystems(run.request.rows, run.seen, run.recipe)) {
    const checkpoint = await readCheckpoint(context.workspace, run.id, system)
    if (!checkpoint) continue
    if (networks.size === 0) await chooseHeadBackend(run.request.backend)
    trained.add(system.row)
    networks.set(trainedName(system), createHypernetwork(checkpoint.description, checkpoint.parameters))
    descriptionMean = checkpoint.descriptionMean
  }
  const rows = NETWORK_SYSTEMS.flatMap((row) => {
    const find = (task: EncodedTask) =>
      networks.get(row) ?? networks.get(trainedName({ row, task: task.task.id }))
    return trained.has(row) ? [[row, find] as const] : []
  })
  return {
    rows: Object.fromEntries(rows),
    descriptionMean,
    dispose() {
      for (const network of networks.values()) network.dispose()
    },
  }
}

/** With many tasks over one corpus BM25's row is made on request only: it would take longer than all others. */
function fusesBm25({ kind, request: { rows } }: RunRecord, tasks: readonly EncodedTask[]): boolean {
  if (rows.length > 0) return rows.includes('BM25')
  const counts = new Map<EncodedCollection, number>()
  for (const { encoded } of tasks) counts.set(encoded, (counts.get(encoded) ?? 0) + 1)
  return kind !== 'frozen' && Math.max(...counts.values()) < MANY_TASKS
}

/** BM25 of queries as they are asked for, with one index a corpus. */
function lexicalScores(): (task: EncodedTask, query: number) => Float32Array {
  const indexes = new Map<Collection, Bm25Index>()
  return ({ task: { collection } }, query) => {
    let index = indexes.get(collection)
    const { texts } = collection.documents
    // Of so few documents words say nothing, and what says nothing adds nothing.
    if (texts.length < FEWEST_DOCUMENTS) return new Float32Array(texts.length)
    if (!index) {
      index = createBm25Index(texts, parseOptions('teacher', bm25, {}))
      indexes.set(collection, index)
    }
    return index.score(collection.queries.texts[query])
  }
}

/** The checkpoint of one system, or null where that system was not trained. */
export async function readCheckpoint(
  workspace: string,
  run: string,
  system: TrainedSystem,
): Promise<Checkpoint | null> {
  const file = workspacePaths(workspace).run(run).checkpoint(checkpointName(system))
  return existsSync(file) ? decodeCheckpoint(await readFile(file), file) : null
}

/** Per-query scores of every row, one file a task. */
async function writeScores(
  { id: run, request: { split = 'test' } }: RunRecord,
  tables: readonly LadderTable[],
  trained: readonly Task[],
  context: OperationContext,
): Promise<void> {
  const touched = trainedDocuments(trained)
  const files = new Map<string, { cards: Cards; lines: QueryScores[] }>()
  for (const { cards, examples, systems } of tables) {
    for (let t = 0; t < (systems[0]?.tasks.length ?? 0); t++) {
      const { task, queries } = systems[0].tasks[t]
      const file = files.get(task.task.id) ?? { cards, lines: [] }
      files.set(task.task.id, file)
      const ids = task.task.collection.queries.ids
      const parts = partsOfQueries(task.task, queries, split, touched)
      queries.forEach((query, i) => {
        const scores = systems.map((system) => {
          const measures = [...system.tasks[t].values].map(
            ([measure, values]) => [measure, round(values[i])] as const,
          )
          return [systemLabel(system), Object.fromEntries(measures)] as const
        })
        file.lines.push({
          query: ids[query],
          examples,
          ...(parts ? { documents: parts[i] } : {}),
          scores: Object.fromEntries(scores),
        })
      })
    }
  }
  for (const [task, { cards, lines }] of files)
    await writeTaskScores(context.workspace, run, { task, cards }, lines)
}

/** Nine digits say all that a float32 ranking knows, and keep the files half as long. */
function round(value: number): number {
  return Number(value.toPrecision(9))
}
