import * as tf from '@tensorflow/tfjs'
import type { Matrix } from '../numeric/matrix'
import type { CardFeatures } from './card-vectors'
import { gelu, layerNorm, matMul, project } from './dense-ops'
import { type NetworkShape, PARAMETER_NAMES, type ParameterName, type Parameters } from './parameters'

export type ParameterTensors = Readonly<Record<ParameterName, tf.Tensor>>

/** What the hypernetwork makes of T cards: the weights of their heads. */
export interface GeneratedHeads {
  /** [T, K] coefficients c_k of the low-rank basis. */
  readonly coefficients: tf.Tensor2D
  /** [T, d] */
  readonly bias: tf.Tensor2D
}

export interface CardTensors {
  readonly features: tf.Tensor2D
  readonly description: tf.Tensor2D
  readonly queries: tf.Tensor2D
  readonly documents: tf.Tensor2D
}

export function parameterTensors(parameters: Parameters): ParameterTensors {
  const entries = parameters.map(({ name, data, shape }) => [name, tf.tensor(data, [...shape], 'float32')])
  return Object.fromEntries(entries) as ParameterTensors
}

export function namedTensors(tensors: readonly tf.Tensor[]): ParameterTensors {
  return Object.fromEntries(
    PARAMETER_NAMES.map((name, index) => [name, tensors[index]]),
  ) as unknown as ParameterTensors
}

export function matrixTensor(matrix: Matrix): tf.Tensor2D {
  return tf.tensor2d(matrix.data, [matrix.rows, matrix.columns], 'float32')
}

export function cardTensors(cards: CardFeatures): CardTensors {
  return {
    features: matrixTensor(cards.features),
    description: matrixTensor(cards.description),
    queries: matrixTensor(cards.queries),
    documents: matrixTensor(cards.documents),
  }
}

/**
 * METHOD 1b's generator. The bias comes from full linear maps of the centred card,
 * b = Md·(documents − μ) + Mt·(description − mean) + Mq·(queries − mean) + b0: no MLP there, since it memorises the
 * trained tasks and falls below its own control on unseen ones. The low-rank coefficients come from a small MLP.
 */
export function generateHeads(p: ParameterTensors, cards: CardTensors): GeneratedHeads {
  const normalized = layerNorm(cards.features, p.normScale as tf.Tensor1D, p.normShift as tf.Tensor1D)
  const hidden1 = gelu(tf.add(matMul(normalized, p.hidden1 as tf.Tensor2D), p.hidden1Bias)) as tf.Tensor2D
  const hidden2 = gelu(tf.add(matMul(hidden1, p.hidden2 as tf.Tensor2D), p.hidden2Bias)) as tf.Tensor2D
  const coefficients = tf.add(
    matMul(hidden2, p.coefficients as tf.Tensor2D),
    p.coefficientsBias,
  ) as tf.Tensor2D
  const bias = tf.addN([
    project(cards.documents, p.documentMap as tf.Tensor2D),
    project(cards.description, p.descriptionMap as tf.Tensor2D),
    project(cards.queries, p.queryMap as tf.Tensor2D),
    tf.broadcastTo(p.bias, cards.documents.shape),
  ]) as tf.Tensor2D
  return { coefficients, bias }
}

/**
 * The residual head f(x) = normalize(x + Σ_k c_k·(x A_k) B_k + b) on T tasks of Q queries each.
 * @param x [T·Q, d], task by task
 * @returns [T·Q, d], unit rows
 */
export function applyHeads(
  p: ParameterTensors,
  heads: GeneratedHeads,
  x: tf.Tensor2D,
  shape: NetworkShape,
): tf.Tensor2D {
  const { basis, rank, dimensions: d } = shape
  const tasks = heads.bias.shape[0]
  const queries = x.shape[0] / tasks
  const down = tf.reshape(project(x, p.basisDown as tf.Tensor2D), [tasks, queries, basis, rank])
  const scaled = tf.mul(down, tf.reshape(heads.coefficients, [tasks, 1, basis, 1]))
  const up = matMul(tf.reshape(scaled, [tasks * queries, basis * rank]), p.basisUp as tf.Tensor2D)
  const residual = tf.reshape(tf.add(x, up), [tasks, queries, d])
  const shifted = tf.add(residual, tf.reshape(heads.bias, [tasks, 1, d]))
  const length = tf.sqrt(tf.sum(tf.mul(shifted, shifted), -1, true))
  return tf.reshape(tf.div(shifted, length), [tasks * queries, d]) as tf.Tensor2D
}
