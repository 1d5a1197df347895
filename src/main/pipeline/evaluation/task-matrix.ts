import { HydraError } from '../../../shared/errors'
import type { RunRecord } from '../../../shared/schemas/run'
import { type TaskMatrix, taskMatrixRequestSchema } from '../../../shared/schemas/tables/task-matrix'
import { unseenGroups } from '../../engine/evaluation/card-groups'
import { matrixTasks, type ScoredMatrix, scoreMatrix } from '../../engine/evaluation/matrix/score-matrix'
import { HEADLINE } from '../../engine/evaluation/verdict'
import type { EncodedTask } from '../../engine/preferences/encoded-collection'
import type { Checkpoint } from '../../engine/training/checkpoint'
import { readRun } from '../../workspace/runs/run-folder'
import { writeTaskMatrix } from '../../workspace/runs/tables/task-matrix-file'
import { loadRunTasks } from '../datasets/load-run-tasks'
import { encodeTasks } from '../encoding/encode-tasks'
import { defineOperation, type OperationContext, runInput } from '../operation'
import { progressMeter } from '../progress-meter'
import { requireCardCheckpoint, withNetwork } from './card-network'

/** Every card of a run on every task of it, written beside its verdict. */
export const taskMatrix = defineOperation({
  name: 'task-matrix',
  input: taskMatrixRequestSchema,
  output: runInput,
  session: false,
  async run({ run: id, examples }, context) {
    const started = context.now().getTime()
    const run = await readRun(context.workspace, id)
    const checkpoint = await requireCardCheckpoint(run, context)
    const { seen, unseen, collections } = await loadRunTasks(run, context)
    const encoder = await context.openEncoder(run.encoder.id, 2)
    const request = { tasks: [...seen, ...unseen], trained: seen, conditioning: run.recipe?.conditioning }
    const encoded = await encodeTasks({ ...request, encoder }, context).finally(() => encoder.dispose())
    const { split = 'test', seed } = run.request
    // A network that was trained without examples is tested without.
    const readable = run.recipe?.maxExamples === 0 && examples > 0 ? [] : encoded.tasks
    const chosen = matrixTasks(readable, { examples, split, seed })
    if (chosen.tasks.length < 2) throw tooFewTasks(run, examples, chosen.tasks.length)
    const scored = await score({ run, checkpoint, tasks: chosen.tasks, examples, split }, context)
    if (scored.tasks.length < 2) throw tooFewTasks(run, examples, scored.tasks.length)
    const { value: delta, ...inference } = scored.margin
    const trained = encoded.tasks.slice(0, seen.length)
    const groups = cardGroups(trained, encoded.tasks.slice(seen.length))
    const matrix: TaskMatrix = {
      version: 1,
      run: id,
      createdAt: context.now().toISOString(),
      examples,
      measure: HEADLINE,
      split,
      seed,
      sampledFrom: chosen.from,
      datasets: collections.map(({ id, sha256 }) => ({ id, sha256 })),
      tasks: scored.tasks.map((one, i) => ({
        task: one.task.id,
        name: one.task.card.name,
        cards: groups.get(one)!,
        n: scored.queries[i],
        frozen: scored.frozen[i],
        scores: [...scored.scores[i]],
      })),
      // The one difference that is read: there is nothing to correct it for.
      margin: { delta, ...inference, corrected: inference.p, family: 1 },
      seconds: (context.now().getTime() - started) / 1000,
    }
    await writeTaskMatrix(context.workspace, matrix)
    return { run: id }
  },
})

async function score(
  {
    run,
    checkpoint,
    ...options
  }: {
    run: RunRecord
    checkpoint: Checkpoint
    tasks: readonly EncodedTask[]
    examples: number
    split: 'test' | 'dev'
  },
  context: OperationContext,
): Promise<ScoredMatrix> {
  const meter = progressMeter({
    phase: 'score every card',
    unit: 'tasks',
    emit: context.emit,
    now: context.now,
  })
  meter(0, options.tasks.length)
  return withNetwork(run, checkpoint, (network) =>
    scoreMatrix({
      ...options,
      network,
      networkMean: checkpoint.descriptionMean,
      feedbackWeight: run.recipe?.feedbackWeight ?? 0,
      seed: run.request.seed,
      signal: context.signal,
      threads: 2,
      onTask: meter,
    }),
  )
}

function cardGroups(seen: readonly EncodedTask[], unseen: readonly EncodedTask[]) {
  const groups = [...unseenGroups(unseen, seen), ['seen', seen] as const]
  return new Map(groups.flatMap(([cards, tasks]) => tasks.map((task) => [task, cards] as const)))
}

function tooFewTasks({ id }: RunRecord, examples: number, tasks: number): HydraError {
  return new HydraError('TASK_UNUSABLE', {
    expected: `two tasks with judged queries whose cards can show ${examples} examples`,
    got: `${tasks} in ${id}`,
    remedy: 'Choose another number of examples, or a run on several tasks.',
    command: `hydra evaluate ${id} --matrix --examples 0`,
  })
}

declare module '../operation' {
  interface Operations {
    'task-matrix': typeof taskMatrix
  }
}
