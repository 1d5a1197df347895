import type { z } from 'zod'
import type { Spec } from '../../registry/registry'
import type { WeightsDtype } from '../model-name'

/** One of ONNX Runtime's execution providers: where an encoder's graph is run. */
export interface ProviderSpec<Options extends z.ZodType = z.ZodType> extends Spec<Options> {
  /** Its name at ONNX Runtime. */
  readonly runtime: string
  /** The order in which Doctor shows them. */
  readonly precedence: number
  /** Weights of those that a model's folder has, the fastest here first. */
  readonly weights: readonly WeightsDtype[]
  /** The one command that adds it; null: it is in the build of its platforms or cannot be had. */
  readonly command: string | null
}

/** Providers have nothing to set so far. */
export function defineProvider<Options extends z.ZodType>(spec: ProviderSpec<Options>): ProviderSpec {
  return spec as unknown as ProviderSpec
}
