import type { Recipe } from '../../../shared/schemas/run'
import { createHypernetwork, type Hypernetwork } from '../hypernet/hypernetwork'
import { createNetwork, describeNetwork, type NetworkDescription } from '../hypernet/network'
import { type Parameters, settleParameters } from '../hypernet/parameters'
import { type RandomStream, randomStream } from '../numeric/random'
import type { CalibratedLists } from '../preferences/calibrated-lists'
import type { EncodedTask } from '../preferences/encoded-collection'
import type { Device } from './backends/device'
import { chooseStepper } from './choose-stepper'
import { besideDevice } from './device/beside-device'
import { expertTraining } from './expert-training'
import { collapseWarning, createHealthMonitor, type Health } from './monitor'
import { createObjective, type System } from './objective/step-gradients'
import { stepSampler } from './step-sampler'
import { runTrainingLoop, type Setback, type StepReport } from './training-loop'
import { startState, type TrainedWeights, type TrainingState } from './training-state'

export interface TrainerOptions {
  readonly tasks: readonly EncodedTask[]
  /** [d] mean description of the trained tasks, over all their wordings */
  readonly descriptionMean: Float32Array
  readonly recipe: Recipe
  readonly system: System
  /** A teacher's orderings of the tasks' train queries, where the recipe learns from them. */
  readonly lists?: ReadonlyMap<EncodedTask, CalibratedLists>
  readonly seed: number
  /** Of the backend; null or absent: tensors lie in this process. */
  readonly device?: Device | null
  /** Of this process that share what is as large as a corpus; one unless said. */
  readonly threads?: number
  readonly signal?: AbortSignal
  /** Fires when training should save its state and stop with PAUSED. */
  readonly pause?: AbortSignal
  /** What was saved of this training, or null. @param like the parameters that must be in it */
  loadState?(like: Parameters): Promise<TrainingState | null>
  /** Asked after each step: whether the state should be saved now. */
  saveDue?(): boolean
  saveState?(state: TrainingState): Promise<void>
  /** After every step. */
  onStep(step: number, report: StepReport): void
  onSetback?(setback: Setback): void
  /** At the end, where training was in vain. */
  onWarning?(message: string): void
  /** With each dev measurement. `warning`: once, when the heads have become alike. */
  onHealth?(step: number, health: Health, warning: string | null): void
  /** The dev measure of the network as it stands; asked for at the start, every `recipe.devEvery` steps and at the end. */
  measureDev(network: Hypernetwork, step: number): Promise<number>
}

export interface TrainedNetwork extends TrainedWeights {
  readonly description: NetworkDescription
}

/** Share of the steps before which heads may be alike: they all start from the same weights. */
const WARM_UP_SHARE = 0.25

/**
 * Trains one network. Same seed, same backend, same machine kind: the same weights. Initialisation and sampling draw from
 * streams of their own, so that the systems of one run see the same tasks, cards and queries in the same order.
 */
export async function trainNetwork(options: TrainerOptions): Promise<TrainedNetwork> {
  const { recipe, tasks, seed, system, device = null } = options
  const trainedIds = tasks.map(({ task }) => task.id)
  const experts = recipe.generator.name === 'experts' ? expertTraining(options) : null
  const description = describeNetwork(recipe, options.descriptionMean.length, trainedIds, experts?.plan)
  const network = createNetwork(description)
  const parameters = settleParameters(
    network.initialParameters(randomStream(seed, 'initialisation')),
    experts?.values ?? {},
  )
  const saved = await options.loadState?.(parameters)
  const state = saved ?? startState(parameters, randomStream(seed, 'sampling').state())
  const sampler = stepSampler(tasks, options.descriptionMean, recipe, options.lists)
  const monitor = createHealthMonitor(tasks, options.descriptionMean)
  let warned = false
  const objective = createObjective({
    network,
    recipe,
    collections: [...new Set(tasks.map(({ encoded }) => encoded))],
    // ceil(queries / tasks) rows for each task of a step, of which each corpus has ceil(tasks / corpora)
    mostRows: recipe.queriesPerStep + recipe.tasksPerStep + recipe.corporaPerStep,
    threads: options.threads ?? 1,
    device,
  })
  const draw = (random: RandomStream) => {
    const batch = sampler.draw(random)
    return experts?.route(batch, random) ?? batch
  }
  const stepper = await chooseStepper({ device, objective, recipe, system, draw })
  const onHeadBackend = device ? await besideDevice() : <T>(work: () => Promise<T>) => work()
  try {
    const weights = await runTrainingLoop({
      recipe,
      state,
      signal: options.signal,
      pause: options.pause,
      stepper,
      measureDev: (current, step) =>
        onHeadBackend(async () => {
          const made = createHypernetwork(description, current)
          try {
            // A network that is fed one constant card has one head: nothing to compare.
            if (system !== 'no card' && options.onHealth) {
              const health = monitor.measure(made)
              const warning = warned || step < WARM_UP_SHARE * recipe.steps ? null : collapseWarning(health)
              warned ||= warning !== null
              options.onHealth(step, health, warning)
            }
            return await options.measureDev(made, step)
          } finally {
            made.dispose()
          }
        }),
      onStep: options.onStep,
      onSetback: options.onSetback,
      onWarning: options.onWarning,
      saveDue: options.saveDue,
      save: options.saveState,
    })
    return { description, ...weights }
  } finally {
    stepper.forget()
    objective.dispose()
  }
}
