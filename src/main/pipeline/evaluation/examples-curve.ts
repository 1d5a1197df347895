import { HydraError } from '../../../shared/errors'
import { HEADLINE_MEASURES } from '../../../shared/ladder'
import type { RunRecord } from '../../../shared/schemas/run'
import type { Task } from '../../engine/datasets/collection'
import { scoreLadder } from '../../engine/evaluation/ladder'
import { hasExamples } from '../../engine/evaluation/shown-card'
import { buildVerdict } from '../../engine/evaluation/verdict'
import { parseMeasure } from '../../engine/measures'
import { readRun } from '../../workspace/runs/run-folder'
import { writeExamplesCurve } from '../../workspace/runs/tables/examples-curve-file'
import { loadRunTasks } from '../datasets/load-run-tasks'
import { encodeTasks, meanOfDescriptions, meanOfWordings } from '../encoding/encode-tasks'
import { defineOperation, runInput } from '../operation'
import { progressMeter } from '../progress-meter'
import { requireCardCheckpoint } from './card-network'
import { openNetworks } from './evaluate-run'

const NUMBERS = [0, 2, 4, 8, 16] as const
/** What needs no head of its own for each task, and the lead is over. */
const ROWS = ['frozen', 'card as text', 'exemplar shift', 'no card', 'pooled card', 'task card', 'wrong card']

/** How far a run's cards lead with 0, 2, 4, 8 and 16 examples, on the same queries, written beside its verdict. */
export const examplesCurve = defineOperation({
  name: 'examples-curve',
  input: runInput,
  output: runInput,
  session: false,
  async run({ run: id }, context) {
    const started = context.now().getTime()
    const run = await readRun(context.workspace, id)
    const { conditioning } = (await requireCardCheckpoint(run, context)).description
    const { seen, unseen, collections } = await loadRunTasks(run, context)
    const { split = 'test', seed } = run.request
    const examples = numbersOf(run, [...unseen, ...seen])
    const encoder = await context.openEncoder(run.encoder.id, 2)
    const request = { tasks: [...seen, ...unseen], trained: seen, encoder, conditioning }
    const { tasks } = await encodeTasks(request, context).finally(() => encoder.dispose())
    const trained = tasks.slice(0, seen.length)
    const networks = await openNetworks(run, context)
    try {
      const meter = progressMeter({ phase: 'evaluate', unit: 'tasks', emit: context.emit, now: context.now })
      const measures = HEADLINE_MEASURES.map(parseMeasure)
      const tables = await scoreLadder({
        seen: trained,
        unseen: tasks.slice(seen.length),
        controlMean: meanOfDescriptions(trained),
        networkMean: networks.descriptionMean ?? meanOfWordings(trained),
        networks: networks.rows,
        feedbackWeight: run.recipe?.feedbackWeight ?? 0,
        measures,
        split,
        rows: ROWS,
        examples,
        mostExamples: Number.POSITIVE_INFINITY,
        seed,
        signal: context.signal,
        threads: 2,
        onProgress: meter,
      })
      const { rows, differences, documents } = buildVerdict({
        run: id,
        tables,
        measures: measures.map(({ name }) => name),
        split,
        seed,
        depth: 100,
        trained: seen,
        holdOut: run.request.holdOut,
        seconds: { encode: 0, train: 0, evaluate: 0, total: 0 },
      })
      await writeExamplesCurve(context.workspace, {
        version: 1,
        run: id,
        createdAt: context.now().toISOString(),
        examples,
        split,
        seed,
        datasets: collections.map(({ id, sha256 }) => ({ id, sha256 })),
        rows: rows.map(({ tasks: _, ...row }) => row),
        differences,
        documents: documents ?? [],
        seconds: (context.now().getTime() - started) / 1000,
      })
    } finally {
      networks.dispose()
    }
    return { run: id }
  },
})

/**
 * As many as the network was trained with, and at least half of the tasks with train queries can show: the others are in no table,
 * since all are on the same queries.
 */
function numbersOf(run: RunRecord, tasks: readonly Task[]): number[] {
  const most = run.recipe?.maxExamples ?? 0
  const able = tasks.filter((task) => hasExamples({ task }, 1))
  const numbers = NUMBERS.filter(
    (count) =>
      count === 0 ||
      (count <= most &&
        able.length > 0 &&
        2 * able.filter((task) => hasExamples({ task }, count)).length >= able.length),
  )
  if (numbers.length > 1) return numbers
  throw new HydraError('TASK_UNUSABLE', {
    expected: 'a network that was trained with examples on its cards, and tasks whose train queries give two',
    got: `at most ${most} examples in training, ${able.length} tasks with any in ${run.id}`,
    remedy: 'Choose a run whose recipe shows examples.',
    command: `hydra runs show ${run.id}`,
  })
}

declare module '../operation' {
  interface Operations {
    'examples-curve': typeof examplesCurve
  }
}
