import type * as tf from '@tensorflow/tfjs'
import type { z } from 'zod'
import type { Spec } from '../../registry/registry'
import type { HeadMap } from '../head-map'

/** The matrix of a head. */
export interface MapBlock {
  readonly inputs: number
  readonly outputs: number
  /**
   * `added`: the head adds it to its input, so it starts near zero and may be of low rank.
   * `whole`: it is all that the head does to its input, so it starts at the identity, or at a random projection.
   */
  readonly form: 'added' | 'whole'
}

/** A vector [size] of a head. */
export interface VectorBlock {
  readonly name: string
  readonly size: number
  /** Its value before the first step. */
  readonly start: number
  /** `bias` is the additive vector that every head has; `scale` and `shift` act on its units one by one. */
  readonly role: 'bias' | 'scale' | 'shift'
}

/** The weights that a head needs for each card: what a generator is asked for. */
export interface HeadBlocks {
  readonly map: MapBlock | null
  readonly vectors: readonly VectorBlock[]
}

/** What a generator made for T cards: the map (no terms where the head has none), and per vector block [T, size]. */
export interface HeadWeights {
  readonly map: HeadMap
  readonly vectors: Readonly<Record<string, tf.Tensor2D>>
}

/** A head of one card as one affine map, on the backend: AffineHead as tensors. */
export interface AffineTensors {
  /** [outputs, d], row i makes output i: torch.nn.Linear's layout. */
  readonly weight: tf.Tensor2D
  /** [outputs] */
  readonly bias: tf.Tensor1D
  /** Scale and shift after layer normalisation, [outputs] each; absent: no normalisation. */
  readonly norm?: { readonly scale: tf.Tensor1D; readonly shift: tf.Tensor1D }
}

/** What a head computes before the unit norm that every head ends with. */
export interface Head {
  /** d' of its outputs; other than d, documents need a head as well. */
  readonly outputs: number
  readonly blocks: HeadBlocks
  /** @param x [T·Q, d], task by task, constant @returns [T, Q, outputs] */
  apply(weights: HeadWeights, x: tf.Tensor2D, tasks: number): tf.Tensor3D
  /** The head of one card (T = 1) as one affine map; must be what `apply` computes. */
  fold(weights: HeadWeights): AffineTensors
}

export interface HeadSpec<Options extends z.ZodType = z.ZodType> extends Spec<Options> {
  /** @param dimensions d of the encoder */
  create(options: z.output<Options>, dimensions: number): Head
}
