import * as tf from '@tensorflow/tfjs'
import { gelu, layerNorm } from '../dense-ops'
import type { CardTensors, ParameterTensors } from '../network-tensors'
import { constant, type NetworkShape, normal, type ParameterSpec, parameter, zeros } from '../parameters'

/** The body of a generator (docs/method.md#network): LayerNorm → Linear(F, H) → GELU → Linear(H, H) → GELU. */
export function cardCodeParameters({ dimensions, hidden }: NetworkShape): ParameterSpec[] {
  const features = 4 * dimensions
  return [
    parameter('normScale', [features], constant(1)),
    parameter('normShift', [features], zeros),
    parameter('hidden1', [features, hidden], normal(features ** -0.5)),
    parameter('hidden1Bias', [hidden], zeros),
    parameter('hidden2', [hidden, hidden], normal(hidden ** -0.5)),
    parameter('hidden2Bias', [hidden], zeros),
  ]
}

/** What the MLP makes of T cards, [T, H]. */
export function cardCode(p: ParameterTensors, cards: CardTensors): tf.Tensor2D {
  const normalized = layerNorm(cards.features, p.normScale, p.normShift)
  const hidden1 = gelu(tf.add(tf.matMul(normalized, p.hidden1 as tf.Tensor2D), p.hidden1Bias)) as tf.Tensor2D
  return gelu(tf.add(tf.matMul(hidden1, p.hidden2 as tf.Tensor2D), p.hidden2Bias)) as tf.Tensor2D
}
