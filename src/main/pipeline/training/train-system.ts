import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { chosenBackendSchema } from '../../../shared/schemas/run'
import { decodeCheckpoint, encodeCheckpoint } from '../../engine/training/checkpoint'
import { chooseBackend } from '../../engine/training/choose-backend'
import { trainNetwork } from '../../engine/training/trainer'
import { weightsHash } from '../../engine/training/training-state'
import { writeFileAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { readRun } from '../../workspace/runs/run-folder'
import { defineOperation } from '../operation'
import { progressMeter } from '../progress-meter'
import { collectAsUsual, collectGarbage, collectSeldom } from './collect-garbage'
import { saveClock } from './save-clock'
import { stageCost } from './stage-cost'
import { loadMaterial } from './system-material'
import { checkpointName, systemRecipe, trainedName, trainedSystemSchema } from './trained-systems'
import { trainingFiles } from './training-files'
import { trainingTrace } from './training-trace'

/** Steps that leave some hundred kilobytes behind, see collectGarbage. */
const GARBAGE_STEPS = 100

export const trainSystem = defineOperation({
  name: 'train-system',
  input: z.strictObject({
    run: z.string(),
    system: trainedSystemSchema,
    /** The phase under which this network reports progress, empty where another one of the run does. */
    leads: z.string(),
    /** Of its process. */
    threads: z.number().int(),
  }),
  output: z.strictObject({
    checkpoint: z.string(),
    backend: chosenBackendSchema,
    step: z.number().int(),
    seconds: z.number(),
    /** sha256 of the weights */
    weights: z.string(),
  }),
  session: false,
  async run({ run: id, system, leads, threads }, context) {
    const run = await readRun(context.workspace, id)
    const name = trainedName(system)
    const recipe = run.recipe && systemRecipe(run.recipe, system, run.seen.length)
    if (!recipe) throw new RangeError(`run ${id} has no recipe`)
    const { device, ...backend } = await chooseBackend(run.request.backend, run.stepTimes)
    const checkpoint = workspacePaths(context.workspace).run(id).checkpoint(checkpointName(system))
    const files = trainingFiles(context.workspace, id, checkpointName(system))
    const log = (level: 'info' | 'warning', message: string, step?: number) =>
      context.emit({
        type: 'log',
        at: context.now().getTime(),
        level,
        message: `${name}: ${message}`,
        ...(step === undefined ? {} : { mark: { run: id, arm: name, step } }),
      })

    // Trained to its end before the run was cut off.
    if (existsSync(checkpoint)) {
      const { parameters, step } = decodeCheckpoint(await readFile(checkpoint), checkpoint)
      await files.remove()
      return { checkpoint, backend, step, seconds: 0, weights: weightsHash(parameters) }
    }

    const material = await loadMaterial(run, system, recipe, context)
    collectSeldom()
    const { tasks, collections, descriptionMean, looksAtCards, lists, dev } = material
    const seed = run.request.seed
    const meter = progressMeter({
      phase: `train ${leads}`,
      unit: 'steps',
      emit: context.emit,
      now: context.now,
    })
    const trace = trainingTrace({
      run: id,
      system: name,
      steps: recipe.steps,
      tasks: tasks.length,
      ...context,
    })
    const clock = saveClock(() => performance.now())
    const started = context.now().getTime()
    let before = 0
    let made = 0
    let collected = 0
    const seconds = () => before + (context.now().getTime() - started) / 1000
    try {
      const trained = await trainNetwork({
        tasks,
        descriptionMean,
        lists,
        recipe,
        system: looksAtCards ? 'task card' : 'no card',
        seed,
        device,
        threads,
        signal: context.signal,
        pause: context.pause,
        async loadState(like) {
          const saved = await files.load(like)
          if (!saved) return null
          before = saved.owner.seconds
          log('info', `goes on from step ${saved.state.progress.step} of ${recipe.steps}`)
          if (saved.owner.backend !== backend.id) {
            const then = `its first steps were made on ${saved.owner.backend}, these are on ${backend.id}`
            log('warning', `${then}: the weights will differ in their last digits from an unbroken training`)
          }
          return saved.state
        },
        saveDue: clock.due,
        saveState: (state) =>
          clock.timed(() => files.save(state, { arm: name, backend: backend.id, seconds: seconds() })),
        onStep(step, report) {
          made++
          trace.step(step, report)
          if (leads) meter(step, recipe.steps)
        },
        onSetback({ what, step, backTo, learningRate }) {
          const then = `back to step ${backTo}, learning rate halved to ${learningRate}`
          log('warning', `${what}, at step ${step}: ${then}`, step)
        },
        onWarning: (message) => log('warning', message, made),
        onHealth(step, health, warning) {
          trace.health(step, health)
          if (warning) log('warning', warning, step)
        },
        async measureDev(network, step) {
          const value = await dev.measure(network)
          trace.dev(step, dev.name, value)
          if (made - collected >= GARBAGE_STEPS) {
            collected = made
            collectGarbage()
          }
          return value
        },
      })
      trace.flush()
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
          system: name,
          encoder: run.encoder.id,
          encoderSha256: run.encoder.sha256,
          descriptionMean,
          corpusMeans,
          feedbackWeight: recipe.feedbackWeight,
        }),
      )
      await files.remove()
      const took = { seconds: (context.now().getTime() - started) / 1000, work: made }
      context.emit(stageCost({ run: id, stage: 'train', ...took }, context.now()))
      const weights = weightsHash(trained.parameters)
      log('info', `step ${trained.step}, ${dev.name} ${trained.dev.toFixed(4)}, weights sha256 ${weights}`)
      return { checkpoint, backend, step: trained.step, seconds: seconds(), weights }
    } finally {
      collectAsUsual()
      await dev.dispose()
    }
  },
})

declare module '../operation' {
  interface Operations {
    'train-system': typeof trainSystem
  }
}
