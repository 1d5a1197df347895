import * as tf from '@tensorflow/tfjs'
import type { HandedHead } from '../../../../shared/schemas/runs/hand-out'
import { controlShift } from '../../evaluation/controls'
import type { AffineTensors } from '../../hypernet/heads/head-spec'

/** A number for cards with examples, and one for cards without. */
export interface ByExamples {
  readonly some: number
  readonly none: number
}

/** A tensor times the number that holds for the card; null where it is 0 for every card. */
export type Scale = <T extends tf.Tensor>(tensor: T, by: ByExamples) => T | null

/** What is handed out for cards with examples, and for cards without. */
export interface HandedHeads {
  readonly some: HandedHead
  readonly none: HandedHead
}

/** Vectors that controls move a query by, [1, d] each. */
export interface ControlVectors {
  readonly description: tf.Tensor2D
  readonly queries: tf.Tensor2D
  readonly documents: tf.Tensor2D
  readonly nearest: tf.Tensor2D
  readonly means: Readonly<Record<'description' | 'queries' | 'documents', tf.Tensor2D>>
}

/** How much of the head of this name a card gets. */
export function partOf({ some, none }: HandedHeads, name: HandedHead['head']): ByExamples {
  const part = ({ head, strength }: HandedHead) => (head === name ? strength : 0)
  return { some: part(some), none: part(none) }
}

/**
 * Parts of heads, W = I + Σ g·(W_i − I) and b = Σ g·b_i, and what a control moves by: the frozen encoder where there is
 * neither (blendHead, shiftHead). @param shift [1, d]
 */
export function blendNodes(
  heads: readonly { readonly head: AffineTensors; readonly part: ByExamples }[],
  shift: tf.Tensor2D | null,
  scale: Scale,
  d: number,
): AffineTensors {
  const parts = (read: (part: ByExamples) => number) => heads.reduce((sum, { part }) => sum + read(part), 0)
  const rest: ByExamples = { some: 1 - parts(({ some }) => some), none: 1 - parts(({ none }) => none) }
  const present = <T>(all: readonly (T | null)[]): T[] => all.filter((one) => one !== null)
  const weights = present([
    ...heads.map(({ head, part }) => scale(head.weight, part)),
    scale(tf.eye(d), rest),
  ])
  const biases = present([
    ...heads.map(({ head, part }) => scale(head.bias, part)),
    shift && tf.reshape<tf.Rank.R1>(shift, [d]),
  ])
  return { weight: tf.addN(weights), bias: biases.length === 0 ? tf.zeros([d]) : tf.addN(biases) }
}

/**
 * [1, d] by which the controls among what is handed out move a query; null where there are none. Every dimension is moved by
 * the same weights of the card's vectors, so what a control makes of ones are its weights.
 * @returns undefined where no control is set as one of them is
 */
export function controlNodes(
  handed: HandedHeads,
  vectors: ControlVectors,
  scale: Scale,
): tf.Tensor2D | null | undefined {
  const { description, queries, documents, nearest, means } = vectors
  const moved = [description, queries, documents, nearest, means.description, means.queries, means.documents]
  const [some, none] = [controlWeights(handed.some), controlWeights(handed.none)]
  if (!some || !none) return undefined
  const terms = moved.map((tensor, i) => scale(tensor, { some: some[i], none: none[i] }))
  const present = terms.filter((term) => term !== null)
  return present.length === 0 ? null : tf.addN(present)
}

/** [7] in the order above; null for a setting that no control has. */
function controlWeights(handed: HandedHead): number[] | null {
  const weights = new Array<number>(7).fill(0)
  if (handed.head !== 'card as text' && handed.head !== 'exemplar shift') return weights
  for (const place of weights.keys()) {
    const one = (own: number) => Float32Array.of(own === place ? 1 : 0)
    const vectors = { description: one(0), queries: one(1), documents: one(2) }
    const means = { description: one(4), queries: one(5), documents: one(6) }
    const shift = controlShift(handed, { vectors, nearest: one(3) }, means)
    if (!shift) return null
    weights[place] = shift[0]
  }
  return weights
}
