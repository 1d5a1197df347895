import { HydraError, throwIfCancelled } from '../../../shared/errors'
import type { Recipe } from '../../../shared/run'
import { createHypernetwork, type Hypernetwork } from '../hypernet/hypernetwork'
import { initialParameters, type NetworkShape, type Parameters } from '../hypernet/parameters'
import { randomStream } from '../numeric/random'
import type { EncodedTask } from '../preferences/encoded-collection'
import { adamWStep, createAdamWState } from './adamw'
import { createCorpusLoss } from './corpus-loss'
import { type Arm, stepGradients } from './step-gradients'
import { stepSampler } from './step-sampler'

export interface TrainerOptions {
  readonly tasks: readonly EncodedTask[]
  /** [d] mean description of the trained tasks, over all their wordings */
  readonly descriptionMean: Float32Array
  readonly recipe: Recipe
  readonly arm: Arm
  readonly seed: number
  /** Built file of listwise-thread.ts. */
  readonly threadFile: string
  readonly signal?: AbortSignal
  /** After every step. `loss`: cross-entropy plus penalty of this step. */
  onStep(step: number, loss: number): void
  /** The dev measure of the network as it stands; asked for every `recipe.devEvery` steps and at the end. */
  measureDev(network: Hypernetwork, step: number): Promise<number>
}

export interface TrainedNetwork {
  readonly shape: NetworkShape
  readonly parameters: Parameters
  /** The step whose weights these are, counted from 1. */
  readonly step: number
  readonly dev: number
}

/**
 * Trains one network. Same seed, same backend, same machine kind: the same weights. Initialisation and sampling draw from
 * streams of their own, so that the arms of one run see the same tasks, cards and queries in the same order.
 */
export async function trainNetwork(options: TrainerOptions): Promise<TrainedNetwork> {
  const { recipe, tasks, signal } = options
  const shape: NetworkShape = {
    dimensions: options.descriptionMean.length,
    hidden: recipe.hidden,
    basis: recipe.basis,
    rank: recipe.rank,
  }
  const parameters = initialParameters(shape, recipe, randomStream(options.seed, 'initialisation'))
  const optimizer = createAdamWState(parameters)
  const random = randomStream(options.seed, 'sampling')
  const sampler = stepSampler(tasks, options.descriptionMean, recipe)
  const corpusLoss = await createCorpusLoss({
    collections: [...new Set(tasks.map(({ encoded }) => encoded))],
    // ceil(queries / tasks) rows for each task of a step
    mostRows: recipe.queriesPerStep + recipe.tasksPerStep,
    temperature: recipe.temperature,
    threadFile: options.threadFile,
  })
  let best: TrainedNetwork | undefined
  try {
    for (let step = 0; step < recipe.steps; step++) {
      throwIfCancelled(signal)
      const batch = sampler.draw(random)
      const { loss, gradients } = stepGradients({
        parameters,
        batch,
        corpusLoss,
        shape,
        arm: options.arm,
        identityPenalty: recipe.identityPenalty,
      })
      if (!Number.isFinite(loss)) throw diverged(loss, step, recipe)
      adamWStep(parameters, gradients, optimizer, step, recipe)
      options.onStep(step + 1, loss)
      const last = step + 1 === recipe.steps
      if (last || (step + 1) % recipe.devEvery === 0) {
        const dev = await measure(options, shape, parameters, step + 1)
        if (recipe.keep === 'last' ? last : !best || dev > best.dev)
          best = snapshot(shape, parameters, step + 1, dev)
      }
      // Lets messages through: progress out, cancel in.
      await new Promise(setImmediate)
    }
  } finally {
    await corpusLoss.dispose()
  }
  if (!best) throw new RangeError('a recipe has at least one step')
  return best
}

async function measure(
  options: TrainerOptions,
  shape: NetworkShape,
  parameters: Parameters,
  step: number,
): Promise<number> {
  const network = createHypernetwork(shape, parameters)
  try {
    return await options.measureDev(network, step)
  } finally {
    network.dispose()
  }
}

function snapshot(shape: NetworkShape, parameters: Parameters, step: number, dev: number): TrainedNetwork {
  return { shape, step, dev, parameters: parameters.map((p) => ({ ...p, data: Float32Array.from(p.data) })) }
}

function diverged(loss: number, step: number, recipe: Recipe): HydraError {
  return new HydraError('TRAINING_DIVERGED', {
    expected: 'a finite loss',
    got: `${loss} at step ${step + 1}`,
    remedy: `Lower the learning rate (now ${recipe.learningRate}) or look at the task's texts; nothing of this run was kept.`,
  })
}
