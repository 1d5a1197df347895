import type { WasmMemory } from '../backends/wasm-memory'
import { type AdamWOptions, BETA1, BETA2, EPSILON, learningRateAt } from './adamw'
import { ADAMW_MODULE } from './adamw-module'

/** Arrays of one parameter in the memory of the wasm backend; views that are good for one call. @internal */
export interface WasmWeights {
  readonly data: Float32Array
  readonly gradient: Float32Array
  readonly first: Float32Array
  readonly second: Float32Array
}

/** AdamW's arithmetic where the wasm backend has its tensors. */
export interface WasmAdamW {
  /** Σ x², in float64 */
  squares(values: Float32Array): number
  /**
   * As adamWStep, of one parameter, with the gradient times `scale`.
   * @param decay its weight decay
   */
  update(weights: WasmWeights, step: number, options: AdamWOptions, decay: number, scale: number): void
}

interface Exports {
  squares(at: number, count: number): number
  update(
    weight: number,
    gradient: number,
    first: number,
    second: number,
    count: number,
    scale: number,
    beta1: number,
    gain1: number,
    beta2: number,
    gain2: number,
    shrink: number,
    rate: number,
    correction: number,
    epsilon: number,
  ): void
}

/**
 * Four float32 at once and nothing copied: 4 times as fast as the loop in JavaScript, whose float64 differ from it in the last
 * digits of a float32. PyTorch computes in float32, too.
 */
export async function createWasmAdamW({ wasm }: Pick<WasmMemory, 'wasm'>): Promise<WasmAdamW> {
  const { instance } = await WebAssembly.instantiate(Buffer.from(ADAMW_MODULE, 'base64'), {
    backend: { memory: wasm.asm.memory },
  })
  const { squares, update } = instance.exports as unknown as Exports
  return {
    squares: (values) => squares(values.byteOffset, values.length),
    update({ data, gradient, first, second }, step, options, decay, scale) {
      const rate = learningRateAt(step, options)
      update(
        data.byteOffset,
        gradient.byteOffset,
        first.byteOffset,
        second.byteOffset,
        data.length,
        scale,
        BETA1,
        1 - BETA1,
        BETA2,
        1 - BETA2,
        1 - rate * decay,
        rate / (1 - BETA1 ** (step + 1)),
        1 / (1 - BETA2 ** (step + 1)),
        EPSILON,
      )
    },
  }
}
