import type { RandomStream } from '../numeric/random'
import type { Device } from './backends/device'
import { wasmMemory } from './backends/wasm-memory'
import { deviceStepper } from './device/device-stepper'
import type { StepBatch } from './objective/scored-batch'
import type { Objective, System } from './objective/step-gradients'
import { hostStepper, type Stepper, type UpdateRecipe } from './stepper'
import { wasmStepper } from './wasm-stepper'

interface Steps {
  /** Of the backend; null: tensors lie in this process. */
  readonly device: Device | null
  readonly objective: Objective
  readonly recipe: UpdateRecipe
  readonly system: System
  draw(random: RandomStream): StepBatch
}

/** Steps as the backend makes them that is TensorFlow.js's own: weights stay where its tensors lie. */
export async function chooseStepper({ device, ...steps }: Steps): Promise<Stepper> {
  const { objective, recipe, system, draw } = steps
  if (device) return deviceStepper({ device, ...steps })
  const memory = wasmMemory()
  if (memory) return wasmStepper({ memory, ...steps })
  return hostStepper(recipe, (current, random) => objective.step(current, draw(random), system))
}
