import type { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import type { Spec } from '../../registry/registry'
import type { HeadBlocks, HeadWeights } from '../heads/head-spec'
import type { CardTensors, ParameterTensors } from '../network-tensors'
import type { NetworkShape, NetworkStart, ParameterSpec } from '../parameters'

/** What a generator is to make, and with which sizes. */
interface GeneratorContext {
  /** Name of the head, for error texts. */
  readonly head: string
  readonly blocks: HeadBlocks
  readonly shape: NetworkShape
  readonly start: NetworkStart
  /** Number of trained tasks. */
  readonly tasks: number
}

/** Turns cards into the weights of their heads. */
export interface Generator {
  /** Its trained weights, in the order in which they are drawn and stored. */
  readonly parameters: readonly ParameterSpec[]
  generate(p: ParameterTensors, cards: CardTensors): HeadWeights
}

export interface GeneratorSpec<Options extends z.ZodType = z.ZodType> extends Spec<Options> {
  /** Throws USAGE for a head that it cannot serve. */
  create(options: z.output<Options>, context: GeneratorContext): Generator
}

/** A pair of generator and head that makes no sense. */
export function cannotServe(generator: string, head: string, why: string, remedy: string): HydraError {
  return new HydraError('USAGE', {
    expected: `a head that the generator ${generator} can make`,
    got: `${head}: ${why}`,
    remedy,
  })
}
