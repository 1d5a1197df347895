import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { RunRecord } from '../../../shared/run'
import type { Verdict } from '../../../shared/verdict'
import { scoreLadder } from '../../engine/evaluation/ladder'
import { buildVerdict, type LadderTable } from '../../engine/evaluation/verdict'
import { createHypernetwork, type Hypernetwork } from '../../engine/hypernet/hypernetwork'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import { chooseBackend } from '../../engine/training/backends'
import { type Checkpoint, decodeCheckpoint } from '../../engine/training/checkpoint'
import { workspacePaths } from '../../workspace/paths'
import { type QueryScores, writeTaskScores, writeVerdict } from '../../workspace/run-results'
import type { OperationContext } from '../operation'
import { progressMeter } from '../progress-meter'
import { openRunFiles } from './run-files'
import { meanOfDescriptions, meanOfWordings } from './task-encoding'
import { checkpointName } from './train-arm'

/** Rankings of many tasks are kept to this depth: the file stays readable; Recall@100 stands in the per-query scores. */
const MANY_TASKS = 50
const MANY_TASKS_DEPTH = 10
const DEPTH = 100

const ARMS = ['task card', 'no card'] as const

export interface EvaluateOptions {
  readonly run: RunRecord
  readonly seen: readonly EncodedTask[]
  readonly unseen: readonly EncodedTask[]
  readonly seconds: { readonly encode: number; readonly train: number }
  /** ONNX Runtime's threads for the score products. */
  readonly threads?: number
}

/** Scores a run's ladder and writes results.json, the per-query scores and the TREC run files. */
export async function evaluateRun(options: EvaluateOptions, context: OperationContext): Promise<Verdict> {
  const { run, seen, unseen, seconds } = options
  const started = context.now().getTime()
  const seed = run.request.seed ?? 1
  const networks: Partial<Record<(typeof ARMS)[number], Hypernetwork>> = {}
  let networkMean: Float32Array | undefined
  for (const arm of ARMS) {
    const checkpoint = await readCheckpoint(context.workspace, run.id, arm)
    if (!checkpoint) continue
    if (Object.keys(networks).length === 0) await chooseBackend(run.request.backend ?? 'auto')
    networks[arm] = createHypernetwork(checkpoint.shape, checkpoint.parameters)
    networkMean = checkpoint.descriptionMean
  }
  const tasks = seen.length + unseen.length
  const depth = tasks > MANY_TASKS ? MANY_TASKS_DEPTH : DEPTH
  const runFiles = await openRunFiles(context.workspace, run.id, depth)
  const meter = progressMeter({ phase: 'evaluate', unit: 'tasks', emit: context.emit, now: context.now })
  try {
    const tables = await scoreLadder({
      seen,
      unseen,
      controlMean: meanOfDescriptions(seen),
      networkMean: networkMean ?? meanOfWordings(seen),
      networks,
      feedbackWeight: run.recipe?.feedbackWeight ?? 0,
      rows: run.request.rows?.length ? run.request.rows : run.kind === 'frozen' ? ['frozen'] : [],
      mostExamples: run.kind === 'frozen' ? 0 : Number.POSITIVE_INFINITY,
      seed,
      signal: context.signal,
      threads: options.threads,
      onProgress: meter,
      onRankings: runFiles.add,
    })
    await runFiles.close()
    await writeScores(run.id, tables, context)
    const evaluate = (context.now().getTime() - started) / 1000
    const verdict = buildVerdict({
      run: run.id,
      tables,
      seed,
      trainedTasks: Object.keys(networks).length > 0 ? seen.length : 0,
      seconds: { ...seconds, evaluate, total: seconds.encode + seconds.train + evaluate },
    })
    await writeVerdict(context.workspace, run.id, verdict)
    return verdict
  } finally {
    await runFiles.close()
    for (const network of Object.values(networks)) network.dispose()
  }
}

/** The checkpoint of one arm, or null where that arm was not trained. */
export async function readCheckpoint(
  workspace: string,
  run: string,
  arm: string,
): Promise<Checkpoint | null> {
  const file = workspacePaths(workspace).run(run).checkpoint(checkpointName(arm))
  return existsSync(file) ? decodeCheckpoint(await readFile(file), file) : null
}

/** Per-query scores of every row, one file a task. */
async function writeScores(
  run: string,
  tables: readonly LadderTable[],
  context: OperationContext,
): Promise<void> {
  const files = new Map<string, { cards: 'seen' | 'unseen'; lines: QueryScores[] }>()
  for (const { cards, examples, arms } of tables) {
    for (let t = 0; t < (arms[0]?.tasks.length ?? 0); t++) {
      const { task, queries } = arms[0].tasks[t]
      const file = files.get(task.task.id) ?? { cards, lines: [] }
      files.set(task.task.id, file)
      const ids = task.task.collection.queries.ids
      queries.forEach((query, i) => {
        const scores = arms.map((arm) => {
          const measures = [...arm.tasks[t].values].map(
            ([measure, values]) => [measure, round(values[i])] as const,
          )
          return [arm.arm, Object.fromEntries(measures)] as const
        })
        file.lines.push({ query: ids[query], examples, scores: Object.fromEntries(scores) })
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
