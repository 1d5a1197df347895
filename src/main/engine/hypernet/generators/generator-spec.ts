import type { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import type { Spec } from '../../registry/registry'
import type { ExpertChoice } from '../experts/choose-experts'
import type { ExpertPlan } from '../experts/expert-plan'
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
  /** For a generator that has some. */
  readonly experts?: ExpertPlan
}

/** Why one card's head is what it is, where experts make it. */
export interface MadeChoices {
  readonly experts: readonly (ExpertChoice & { readonly name: string })[]
  /** Place among the trained cards, and cosines of text and corpus; null without any. */
  readonly nearest: { readonly place: number; readonly text: number; readonly corpus: number } | null
}

/** Turns cards into the weights of their heads. */
export interface Generator {
  /** Its trained weights, in the order in which they are drawn and stored. */
  readonly parameters: readonly ParameterSpec[]
  generate(p: ParameterTensors, cards: CardTensors): HeadWeights
  /** What it chose for one card (T = 1), where it chooses. */
  choices?(p: ParameterTensors, cards: CardTensors): MadeChoices
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
