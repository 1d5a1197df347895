import * as tf from '@tensorflow/tfjs'
import type { Matrix } from '../numeric/matrix'
import type { CardFeatures } from './card-vectors'
import { type ExpertPlan, placeOfExpert } from './experts/expert-plan'
import type { Parameters } from './parameters'

/** Weights on the backend, by name. */
export type ParameterTensors = Readonly<Record<string, tf.Tensor>>

/** What generators look at, for T cards. */
export interface CardTensors {
  /** [T, 4d] */
  readonly features: tf.Tensor2D
  /** [T, d] each, centred. */
  readonly description: tf.Tensor2D
  readonly queries: tf.Tensor2D
  readonly documents: tf.Tensor2D
  /** [T] place among the trained tasks, −1 for none of them. */
  readonly ids: Int32Array
  /** [T] place of the one expert that makes the card's head, −1 where gates choose. */
  readonly experts: Int32Array
  /** [T, experts] of every expert, where whoever asks has let the gates choose; absent: they choose now. */
  readonly shares?: tf.Tensor2D
}

export function matrixTensor(matrix: Matrix): tf.Tensor2D {
  return tf.tensor2d(matrix.data, [matrix.rows, matrix.columns], 'float32')
}

export function parameterTensors(parameters: Parameters): ParameterTensors {
  const entries = parameters.map(({ name, data, shape }) => [name, tf.tensor(data, [...shape], 'float32')])
  return Object.fromEntries(entries) as ParameterTensors
}

/** @param tasks ids of the trained tasks  @param experts of the network, where it has some */
export function cardTensors(
  cards: CardFeatures,
  tasks: readonly string[] = [],
  experts?: ExpertPlan,
): CardTensors {
  return {
    features: matrixTensor(cards.features),
    description: matrixTensor(cards.description),
    queries: matrixTensor(cards.queries),
    documents: matrixTensor(cards.documents),
    ids: Int32Array.from(cards.ids, (id) => (id === undefined ? -1 : tasks.indexOf(id))),
    experts: Int32Array.from(cards.experts, (name) => (experts ? placeOfExpert(experts, name) : -1)),
  }
}

/** The weights under a prefix, without it: one network may hold two generators. */
export function scopedTensors(p: ParameterTensors, prefix: string): ParameterTensors {
  const own = Object.entries(p).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]))
}
