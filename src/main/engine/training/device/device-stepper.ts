import * as tf from '@tensorflow/tfjs'
import type { Parameters } from '../../hypernet/parameters'
import type { RandomStream } from '../../numeric/random'
import { BETA1, BETA2, EPSILON, learningRateAt } from '../adamw/adamw'
import type { Device } from '../backends/device'
import type { StepBatch } from '../objective/scored-batch'
import { type Objective, type System, taskLosses } from '../objective/step-gradients'
import type { MadeStep, Stepper, UpdateRecipe } from '../stepper'
import type { TrainingState } from '../training-state'

/** Steps whose losses are read together: a read waits for all that was asked of the device before. */
const STRIDE = 10

/** All weights that are trained, one after another, and their moments: [weights] each. */
interface Held {
  readonly weights: tf.Tensor1D
  readonly first: tf.Tensor1D
  readonly second: tf.Tensor1D
}

interface DeviceSteps {
  readonly device: Device
  readonly objective: Objective
  readonly recipe: UpdateRecipe
  readonly system: System
  draw(random: RandomStream): StepBatch
}

/**
 * Steps whose weights, gradients and moments stay on the device from step to step. Losses and norms come back every few
 * steps, weights when somebody asks for them.
 */
export function deviceStepper({ device, objective, recipe, system, draw }: DeviceSteps): Stepper {
  let held: Held | null = null

  function release(): void {
    if (held) tf.dispose([held.weights, held.first, held.second])
    held = null
  }

  return {
    stride: STRIDE,
    async advance(state, random, count) {
      const { parameters, progress } = state
      const trained = parameters.filter(({ fixed }) => !fixed)
      const fixed = constants(parameters)
      const marks: { batch: StepBatch; random: MadeStep['random']; told: tf.Tensor1D }[] = []
      try {
        return await device.run(async () => {
          held ??= upload(state)
          for (let k = 0; k < count; k++) {
            const batch = draw(random)
            const { told, ...next } = makeStep(held, batch, progress.step + k, progress.rateFactor)
            release()
            held = next
            marks.push({ batch, random: random.state(), told })
          }
          // One read for all of them.
          const all = tf.tidy(() => tf.concat(marks.map(({ told }) => told)))
          const values = (await all.data().finally(() => all.dispose())) as Float32Array
          let place = 0
          return marks.map(({ batch, random, told }): MadeStep => {
            const [loss, square, ...rows] = values.subarray(place, place + told.size)
            place += told.size
            const norm = Math.sqrt(square)
            const illGradient = Number.isFinite(norm) ? null : 'all weights'
            return { loss, norm, illGradient, random, taskLosses: taskLosses(batch, system, rows) }
          })
        })
      } finally {
        tf.dispose([...marks.map(({ told }) => told), ...fixed.values()])
      }

      /** @returns [2 + n] loss, squared norm of the gradient, and the losses of the queries; and what to go on from */
      function makeStep(from: Held, batch: StepBatch, step: number, rateFactor: number) {
        return tf.tidy(() => {
          const parts = split(from.weights, trained)
          const tensors = parameters.map(
            (parameter) => fixed.get(parameter.name) ?? parts.get(parameter.name)!,
          )
          const { loss, gradients, rows } = objective.differentiate(parameters, tensors, batch, system)
          const gradient = tf.concat(gradients.map((one) => tf.reshape(one, [-1]))) as tf.Tensor1D
          const square = tf.sum(tf.mul(gradient, gradient))
          const told = tf.concat([tf.reshape(loss, [1]), tf.reshape(square, [1]), rows]) as tf.Tensor1D
          rows.dispose()
          return { told, ...adamW(from, clipped(gradient, square, recipe.clipNorm), step, rateFactor) }
        })
      }

      /** As adamWStep, all weights at once. */
      function adamW(from: Held, gradient: tf.Tensor1D, step: number, rateFactor: number): Held {
        const learningRate = recipe.learningRate * rateFactor
        const rate = learningRateAt(step, { ...recipe, learningRate })
        const first = tf.add(tf.mul(from.first, BETA1), tf.mul(gradient, 1 - BETA1)) as tf.Tensor1D
        const square = tf.mul(gradient, gradient)
        const second = tf.add(tf.mul(from.second, BETA2), tf.mul(square, 1 - BETA2)) as tf.Tensor1D
        const deviation = tf.sqrt(tf.mul(second, 1 / (1 - BETA2 ** (step + 1))))
        const move = tf.div(tf.mul(first, rate / (1 - BETA1 ** (step + 1))), tf.add(deviation, EPSILON))
        const shrink = tf.sub(1, tf.mul(decays(trained), rate * recipe.weightDecay))
        return { weights: tf.sub(tf.mul(from.weights, shrink), move) as tf.Tensor1D, first, second }
      }
    },
    async settle(state) {
      if (!held) return
      const { weights, first, second } = held
      const [w, m, v] = await device.run(() => Promise.all([weights.data(), first.data(), second.data()]))
      let place = 0
      state.parameters.forEach(({ data, fixed }, p) => {
        if (fixed) return
        const end = place + data.length
        data.set(w.subarray(place, end))
        state.optimizer.first[p].set(m.subarray(place, end))
        state.optimizer.second[p].set(v.subarray(place, end))
        place = end
      })
    },
    forget: release,
    shrink: () => objective.halveBlocks(),
  }
}

/** What is fixed, by name. */
function constants(parameters: Parameters): Map<string, tf.Tensor> {
  const fixed = parameters.filter((parameter) => parameter.fixed)
  return new Map(fixed.map(({ name, data, shape }) => [name, tf.tensor(data, [...shape], 'float32')]))
}

function upload({ parameters, optimizer }: TrainingState): Held {
  const trained = (arrays: readonly Float32Array[]) => flat(arrays.filter((_, p) => !parameters[p].fixed))
  return {
    weights: trained(parameters.map(({ data }) => data)),
    first: trained(optimizer.first),
    second: trained(optimizer.second),
  }
}

function flat(arrays: readonly Float32Array[]): tf.Tensor1D {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let place = 0
  for (const array of arrays) {
    all.set(array, place)
    place += array.length
  }
  return tf.tensor1d(all)
}

function split(weights: tf.Tensor1D, trained: Parameters): Map<string, tf.Tensor> {
  let place = 0
  return new Map(
    trained.map(({ name, data, shape }) => {
      const own = tf.reshape(tf.slice(weights, [place], [data.length]), [...shape])
      place += data.length
      return [name, own]
    }),
  )
}

/** [weights] 1 where the weight decays, else 0 */
function decays(trained: Parameters): tf.Tensor1D {
  return tf.concat(trained.map(({ data, decayed }) => tf.fill([data.length], decayed ? 1 : 0))) as tf.Tensor1D
}

/** As clipGradients. @param square squared norm of the gradient */
function clipped(gradient: tf.Tensor1D, square: tf.Tensor, clipNorm: number | null): tf.Tensor1D {
  if (clipNorm === null) return gradient
  return tf.mul(gradient, tf.minimum(1, tf.div(clipNorm, tf.sqrt(square)))) as tf.Tensor1D
}
