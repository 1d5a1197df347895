import * as tf from '@tensorflow/tfjs'
import type { Parameters } from '../hypernet/parameters'
import type { RandomStream } from '../numeric/random'
import { createWasmAdamW } from './adamw/wasm-adamw'
import type { WasmMemory } from './backends/wasm-memory'
import type { StepBatch } from './objective/scored-batch'
import { type Objective, type System, taskLosses } from './objective/step-gradients'
import type { MadeStep, Stepper, UpdateRecipe } from './stepper'
import type { TrainingState } from './training-state'

interface WasmSteps {
  readonly memory: WasmMemory
  readonly objective: Objective
  readonly recipe: UpdateRecipe
  readonly system: System
  draw(random: RandomStream): StepBatch
}

/** A parameter as the backend has it: its values, and of one that is trained its moments. */
interface Held {
  readonly data: tf.Tensor
  readonly moments: { readonly first: tf.Tensor; readonly second: tf.Tensor } | null
}

/**
 * Steps on the wasm backend: weights and moments stay in its memory, where gradients come to lie, and are brought up to date in
 * their place. A tensor that changes is nothing that TensorFlow.js knows; between two steps nobody else has one of these.
 */
export async function wasmStepper({ memory, objective, recipe, system, draw }: WasmSteps): Promise<Stepper> {
  const adamW = await createWasmAdamW(memory)
  let held: readonly Held[] | null = null

  function release(): void {
    for (const { data, moments } of held ?? []) tf.dispose([data, ...(moments ? Object.values(moments) : [])])
    held = null
  }

  /** Views on what lies there now: no tensor may be made while they are used. */
  const at = (tensor: tf.Tensor) => memory.typedArrayFromHeap(tensor)

  return {
    stride: 1,
    async advance(state, random) {
      const { parameters, progress } = state
      held ??= parameters.map((_, p) => upload(state, p))
      const own = held
      const batch = draw(random)
      const steps: MadeStep[] = []
      // Results leave by assignment: tidy walks whatever it is given back.
      tf.tidy(() => {
        const tensors = own.map(({ data }) => data)
        const { loss, rows, gradients } = objective.differentiate(parameters, tensors, batch, system)
        steps.push({
          loss: (loss.dataSync() as Float32Array)[0],
          taskLosses: taskLosses(batch, system, rows.dataSync()),
          random: random.state(),
          ...update(own, parameters, gradients, progress),
        })
        rows.dispose()
      })
      return steps
    },
    async settle({ parameters, optimizer }) {
      held?.forEach(({ data, moments }, p) => {
        if (!moments) return
        parameters[p].data.set(at(data))
        optimizer.first[p].set(at(moments.first))
        optimizer.second[p].set(at(moments.second))
      })
    },
    forget: release,
    shrink: () => false,
  }

  /** @param gradients of every parameter that is trained  @returns the norm of all of them before clipping; where it is no number, nothing is written */
  function update(
    own: readonly Held[],
    parameters: Parameters,
    gradients: readonly tf.Tensor[],
    { step, rateFactor }: TrainingState['progress'],
  ): Pick<MadeStep, 'norm' | 'illGradient'> {
    const trained = own.flatMap(({ data, moments }, p) => (moments ? [{ data, ...moments, p }] : []))
    const squares = gradients.map((gradient) => adamW.squares(at(gradient)))
    const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0))
    if (!Number.isFinite(norm)) {
      const ill = squares.findIndex((square) => !Number.isFinite(square))
      return { norm, illGradient: ill < 0 ? 'all weights' : parameters[trained[ill].p].name }
    }
    const { clipNorm } = recipe
    const scale = clipNorm !== null && norm > clipNorm ? clipNorm / norm : 1
    const options = { ...recipe, learningRate: recipe.learningRate * rateFactor }
    trained.forEach(({ data, first, second, p }, k) => {
      const decay = parameters[p].decayed ? recipe.weightDecay : 0
      // The maps of the `no card` system never see a gradient: half of all weights, and nothing to do.
      if (decay === 0 && squares[k] === 0 && adamW.squares(at(first)) === 0) return
      const arrays = { data: at(data), gradient: at(gradients[k]), first: at(first), second: at(second) }
      adamW.update(arrays, step, options, decay, scale)
    })
    return { norm, illGradient: null }
  }
}

function upload({ parameters, optimizer }: TrainingState, p: number): Held {
  const { data, shape, fixed } = parameters[p]
  const tensor = (values: Float32Array) => tf.tensor(values, [...shape], 'float32')
  return {
    data: tensor(data),
    moments: fixed ? null : { first: tensor(optimizer.first[p]), second: tensor(optimizer.second[p]) },
  }
}
