import { join } from 'node:path'
import { seenDev } from '../../engine/evaluation/seen-dev'
import { chooseBackend } from '../../engine/training/backends'
import { encodeCheckpoint } from '../../engine/training/checkpoint'
import type { Arm } from '../../engine/training/step-gradients'
import { trainNetwork } from '../../engine/training/trainer'
import { writeFileAtomic } from '../../workspace/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { readRun } from '../../workspace/run-folder'
import type { Operation } from '../operation'
import { progressMeter } from '../progress-meter'
import { encodeTasks, meanOfWordings } from './task-encoding'
import { loadRunTasks } from './task-loading'

/** Loss events at most this often: a chart needs no more. */
const LOSS_INTERVAL_MS = 200

export function checkpointName(arm: string): string {
  return arm.replace(' ', '-')
}

export const trainArm: Operation<'train-arm'> = async ({ run: id, arm, leads }, context) => {
  const run = await readRun(context.workspace, id)
  const recipe = run.recipe
  if (!recipe) throw new RangeError(`run ${id} has no recipe`)
  const backend = await chooseBackend(run.request.backend ?? 'auto')
  const { seen } = await loadRunTasks(run, context)
  const encoder = await context.openEncoder(run.encoder.id)
  const { tasks, collections } = await encodeTasks(
    { tasks: seen, trained: seen, encoder },
    { ...context, emit: () => {} },
  )
  await encoder.dispose()
  const descriptionMean = meanOfWordings(tasks)
  const seed = run.request.seed ?? 1
  const dev = await seenDev({
    tasks,
    descriptionMean,
    seed,
    arm,
    feedbackWeight: recipe.feedbackWeight,
    signal: context.signal,
  })

  const meter = progressMeter({
    phase: `train ${leads}`,
    unit: 'steps',
    emit: context.emit,
    now: context.now,
  })
  let sum = 0
  let count = 0
  let sent = 0
  const started = context.now().getTime()
  try {
    const trained = await trainNetwork({
      tasks,
      descriptionMean,
      recipe,
      arm: arm as Arm,
      seed,
      threadFile: join(context.appRoot, 'out', 'main', 'listwise-thread.js'),
      signal: context.signal,
      onStep(step, loss) {
        sum += loss
        count++
        const at = context.now().getTime()
        if (at - sent >= LOSS_INTERVAL_MS || step === recipe.steps) {
          context.emit({ type: 'loss', at, run: id, arm, step, steps: recipe.steps, loss: sum / count })
          sent = at
          sum = 0
          count = 0
        }
        if (leads) meter(step, recipe.steps)
      },
      async measureDev(network, step) {
        const value = await dev.measure(network)
        context.emit({
          type: 'dev',
          at: context.now().getTime(),
          run: id,
          arm,
          step,
          measure: dev.name,
          value,
        })
        return value
      },
    })
    const checkpoint = workspacePaths(context.workspace).run(id).checkpoint(checkpointName(arm))
    const corpusMeans = new Map(
      collections.map(({ collection, queryMean, documentMean }) => [
        collection.id,
        { queries: queryMean, documents: documentMean },
      ]),
    )
    await writeFileAtomic(
      checkpoint,
      encodeCheckpoint({
        ...trained,
        arm,
        encoder: run.encoder.id,
        encoderSha256: run.encoder.sha256,
        descriptionMean,
        corpusMeans,
        feedbackWeight: recipe.feedbackWeight,
      }),
    )
    return { checkpoint, backend, step: trained.step, seconds: (context.now().getTime() - started) / 1000 }
  } finally {
    await dev.dispose()
  }
}
