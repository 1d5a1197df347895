import * as tf from '@tensorflow/tfjs'
import type { HeadBlocks, HeadWeights, VectorBlock } from '../heads/head-spec'
import type { CardTensors, ParameterTensors } from '../network-tensors'
import {
  constant,
  diagonal,
  type NetworkShape,
  type NetworkStart,
  type ParameterSpec,
  parameter,
  zeros,
} from '../parameters'

/** What a vector of a head is the sum of, besides a learned constant. */
interface VectorPlan {
  readonly block: VectorBlock
  /** A linear map of the code [T, H], started at zero. */
  readonly fromCode: boolean
  /**
   * The skip connection (docs/method.md#network): full linear maps of the centred card,
   * Md·(documents − μ) + Mt·(description − mean) + Mq·(queries − mean), started at the control, Md = g·I. No MLP there: it
   * memorises the trained tasks and falls below its own control on unseen ones.
   */
  readonly fromCard: boolean
}

/** @param source what the block is made of besides its constant */
export function planVectors(
  { vectors }: HeadBlocks,
  source: (block: VectorBlock) => { readonly code: boolean; readonly card: boolean },
): VectorPlan[] {
  return vectors.map((block) => {
    const { code, card } = source(block)
    return { block, fromCode: code, fromCard: card }
  })
}

export function usesCode(plans: readonly VectorPlan[]): boolean {
  return plans.some(({ fromCode }) => fromCode)
}

export function vectorParameters(
  plans: readonly VectorPlan[],
  { dimensions: d, hidden }: NetworkShape,
  start: NetworkStart,
): ParameterSpec[] {
  return plans.flatMap(({ block: { name, size, start: value }, fromCode, fromCard }) => [
    ...(fromCard
      ? [
          parameter('documentMap', [d, size], diagonal(start.documentGain), { decayed: false }),
          parameter('descriptionMap', [d, size], diagonal(start.descriptionGain), { decayed: false }),
          parameter('queryMap', [d, size], diagonal(0), { decayed: false }),
        ]
      : []),
    ...(fromCode ? [parameter(`${name}Weights`, [hidden, size], zeros)] : []),
    parameter(name, [size], constant(value), { decayed: value === 0 }),
  ])
}

/** @param code [T, H], null where no plan asks for it @returns [T, size] per vector */
export function makeVectors(
  plans: readonly VectorPlan[],
  p: ParameterTensors,
  cards: CardTensors,
  code: tf.Tensor2D | null,
): HeadWeights['vectors'] {
  const tasks = cards.ids.length
  return Object.fromEntries(
    plans.map(({ block: { name, size }, fromCode, fromCard }) => {
      const terms: tf.Tensor[] = []
      if (fromCard) {
        terms.push(
          tf.matMul(cards.documents, p.documentMap as tf.Tensor2D),
          tf.matMul(cards.description, p.descriptionMap as tf.Tensor2D),
          tf.matMul(cards.queries, p.queryMap as tf.Tensor2D),
        )
      }
      if (fromCode) terms.push(tf.matMul(code!, p[`${name}Weights`] as tf.Tensor2D))
      terms.push(tf.broadcastTo(p[name], [tasks, size]))
      return [name, (terms.length === 1 ? terms[0] : tf.addN(terms)) as tf.Tensor2D]
    }),
  )
}
