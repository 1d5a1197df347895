import * as tf from '@tensorflow/tfjs'
import { HydraError, throwIfCancelled } from '../../../shared/errors'
import type { Recipe } from '../../../shared/run'
import { cardFeatures, constantCard } from '../hypernet/card-vectors'
import { createHypernetwork, type Hypernetwork } from '../hypernet/hypernetwork'
import { applyHeads, cardTensors, generateHeads, matrixTensor, namedTensors } from '../hypernet/network'
import { initialParameters, type NetworkShape, type Parameters } from '../hypernet/parameters'
import { randomStream } from '../numeric/random'
import type { EncodedTask } from '../preferences/encoded-collection'
import { adamWStep, createAdamWState } from './adamw'
import { type CorpusLoss, createCorpusLoss } from './corpus-loss'
import { type StepBatch, stepSampler } from './step-sampler'

/** `no card`: the same network fed a constant card, trained alike: what the card is worth is the difference. */
export type Arm = 'task card' | 'no card'

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
      const { loss, gradients } = gradientsOf(parameters, batch, corpusLoss, shape, options)
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

function gradientsOf(
  parameters: Parameters,
  batch: StepBatch,
  corpusLoss: CorpusLoss,
  shape: NetworkShape,
  { arm, recipe }: TrainerOptions,
): { loss: number; gradients: Float32Array[] } {
  corpusLoss.begin(batch)
  let loss = Number.NaN
  let gradients: Float32Array[] = []
  // Results leave by assignment: tidy walks whatever it is given back element by element, typed arrays too.
  tf.tidy(() => {
    const cards = arm === 'no card' ? batch.means.map(constantCard) : batch.cards
    const inputs = cardTensors(cardFeatures(cards, batch.means))
    const x = matrixTensor(batch.queries)
    const objective = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const named = namedTensors(tensors)
      const y = applyHeads(named, generateHeads(named, inputs), x, shape)
      const listwise = corpusLoss.loss(y)
      if (recipe.identityPenalty === 0) return listwise
      const shift = tf.sum(tf.squaredDifference(y, x))
      return tf.add(listwise, tf.mul(shift, recipe.identityPenalty / batch.queries.rows)) as tf.Scalar
    })
    const { value, grads } = objective(
      parameters.map(({ data, shape: size }) => tf.tensor(data, [...size], 'float32')),
    )
    loss = (value.dataSync() as Float32Array)[0]
    gradients = grads.map((gradient) => gradient.dataSync() as Float32Array)
  })
  return { loss, gradients }
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
