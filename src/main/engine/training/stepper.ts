import type { Parameters } from '../hypernet/parameters'
import type { RandomStream } from '../numeric/random'
import { type AdamWOptions, adamWStep } from './adamw/adamw'
import { clipGradients, gradientNorm } from './gradient-norm'
import type { TrainingProgress, TrainingState } from './training-state'

/** What one step of an objective gives. */
interface StepOutcome {
  readonly loss: number
  /** In the order of the parameters; whoever makes the step may scale them. */
  readonly gradients: readonly Float32Array[]
  readonly taskLosses: readonly { readonly task: string; readonly loss: number }[]
}

/** A step that was made. */
export interface MadeStep extends Pick<StepOutcome, 'loss' | 'taskLosses'> {
  /** Of the whole gradient, before it was clipped. */
  readonly norm: number
  /** Of which parameter the gradient is no number, as far as that is known; null where all of it is. */
  readonly illGradient: string | null
  /** Words of the sampling stream after it. */
  readonly random: TrainingProgress['random']
}

/** Makes steps, and holds the weights while they are made. */
export interface Stepper {
  /** Steps that may be made before the first of their losses is known. */
  readonly stride: number
  /**
   * Makes `count` steps from the state, which it may leave as it is until `settle`. Throws DEVICE_MEMORY or DEVICE_LOST: then
   * nothing since the last `settle` counts.
   * @param random drawn from
   */
  advance(state: TrainingState, random: RandomStream, count: number): Promise<readonly MadeStep[]>
  /** Brings the weights and moments of the state up to the last step. */
  settle(state: TrainingState): Promise<void>
  /** The weights and moments of the state have been written over: they count from now on. */
  forget(): void
  /** Takes less memory from now on. @returns false where there is no less */
  shrink(): boolean
}

/** How a recipe makes weights from gradients. */
export type UpdateRecipe = AdamWOptions & { readonly clipNorm: number | null }

/** Draws a batch from the stream and computes loss and gradients; keeps nothing from call to call. */
export type HostStep = (parameters: Parameters, random: RandomStream) => StepOutcome

/** Steps on the very arrays of the state, one at a time. */
export function hostStepper(recipe: UpdateRecipe, step: HostStep): Stepper {
  return {
    stride: 1,
    async advance(state, random) {
      const { loss, gradients, taskLosses } = step(state.parameters, random)
      const norm = update(state, gradients, recipe)
      const ill = Number.isFinite(norm)
        ? -1
        : gradients.findIndex((gradient) => !Number.isFinite(gradientNorm([gradient])))
      const illGradient = Number.isFinite(norm) ? null : (state.parameters[ill]?.name ?? 'all weights')
      return [{ loss, taskLosses, norm, illGradient, random: random.state() }]
    },
    async settle() {},
    forget() {},
    shrink: () => false,
  }
}

/** @returns the norm of the whole gradient before clipping. One that is no number ruins the weights: the caller sets back. */
function update(state: TrainingState, gradients: readonly Float32Array[], recipe: UpdateRecipe): number {
  const { clipNorm } = recipe
  const { step, rateFactor } = state.progress
  const before = clipNorm === null ? null : gradientNorm(gradients)
  if (clipNorm !== null && before !== null) {
    // Scaled by it, every gradient would be no number, and none could be named.
    if (!Number.isFinite(before)) return before
    clipGradients(gradients, before, clipNorm)
  }
  const learningRate = recipe.learningRate * rateFactor
  const norm = adamWStep(state.parameters, gradients, state.optimizer, step, { ...recipe, learningRate })
  return before ?? norm
}
