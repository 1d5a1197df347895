import type { Parameters } from '../../hypernet/parameters'

export interface AdamWOptions {
  readonly learningRate: number
  readonly weightDecay: number
  readonly warmupSteps: number
  readonly steps: number
}

/** First and second moments, in the order of the parameters. */
export interface AdamWState {
  readonly first: readonly Float32Array[]
  readonly second: readonly Float32Array[]
}

export const BETA1 = 0.9
export const BETA2 = 0.999
export const EPSILON = 1e-8

export function createAdamWState(parameters: Parameters): AdamWState {
  return {
    first: parameters.map(({ data }) => new Float32Array(data.length)),
    second: parameters.map(({ data }) => new Float32Array(data.length)),
  }
}

/** Linear warm-up, then half a cosine down to 0 (Loshchilov & Hutter 2017). `step` counts from 0. */
export function learningRateAt(step: number, options: AdamWOptions): number {
  const warm = options.warmupSteps > 0 ? Math.min(1, (step + 1) / options.warmupSteps) : 1
  return options.learningRate * warm * 0.5 * (1 + Math.cos((Math.PI * step) / options.steps))
}

/**
 * One AdamW step in place (Loshchilov & Hutter 2019, decay decoupled). Where tensors do not lie in
 * the memory of wasm (wasm-adamw.ts) or of a device, the weights live in plain arrays and go to the backend once a step: one fused
 * pass here is faster than a dozen element-wise kernels.
 * @returns the Euclidean norm of all gradients, taken in the same pass over memory; not finite if one of them is not
 */
export function adamWStep(
  parameters: Parameters,
  gradients: readonly Float32Array[],
  state: AdamWState,
  step: number,
  options: AdamWOptions,
): number {
  const rate = learningRateAt(step, options)
  const correction1 = 1 / (1 - BETA1 ** (step + 1))
  const correction2 = 1 / (1 - BETA2 ** (step + 1))
  let squares = 0
  for (let p = 0; p < parameters.length; p++) {
    const { data, decayed, fixed } = parameters[p]
    if (fixed) continue
    const decay = decayed ? options.weightDecay : 0
    // The maps of the `no card` system never see a gradient: half of all weights, and nothing to do.
    if (decay === 0 && isZero(gradients[p]) && isZero(state.first[p])) continue
    const [first, second] = [state.first[p], state.second[p]]
    squares += updateArray(data, gradients[p], first, second, rate, decay, correction1, correction2)
  }
  return Math.sqrt(squares)
}

/** @returns Σ g² */
function updateArray(
  weight: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  rate: number,
  decay: number,
  correction1: number,
  correction2: number,
): number {
  const shrink = 1 - rate * decay
  let squares = 0
  for (let i = 0; i < weight.length; i++) {
    const g = gradient[i]
    squares += g * g
    const m = BETA1 * first[i] + (1 - BETA1) * g
    const v = BETA2 * second[i] + (1 - BETA2) * g * g
    first[i] = m
    second[i] = v
    weight[i] = shrink * weight[i] - (rate * m * correction1) / (Math.sqrt(v * correction2) + EPSILON)
  }
  return squares
}

function isZero(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false
  return true
}
