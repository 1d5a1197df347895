import * as tf from '@tensorflow/tfjs'
import { cardFeatures, constantCard } from '../hypernet/card-vectors'
import { applyHeads, cardTensors, generateHeads, matrixTensor, namedTensors } from '../hypernet/network'
import type { NetworkShape, Parameters } from '../hypernet/parameters'
import type { CorpusLoss } from './corpus-loss'
import type { StepBatch } from './step-sampler'

/** `no card`: the same network fed a constant card, trained alike: what the card is worth is the difference. */
export type Arm = 'task card' | 'no card'

export interface GradientStep {
  readonly parameters: Parameters
  readonly batch: StepBatch
  readonly corpusLoss: CorpusLoss
  readonly shape: NetworkShape
  readonly arm: Arm
  /** Weight of mean‖f(x) − x‖² */
  readonly identityPenalty: number
}

/** Loss of one step, listwise plus identity penalty, and its gradient with respect to every parameter, in their order. */
export function stepGradients(step: GradientStep): { loss: number; gradients: Float32Array[] } {
  const { parameters, batch, corpusLoss, shape, arm, identityPenalty } = step
  corpusLoss.begin(batch)
  let loss = Number.NaN
  let gradients: Float32Array[] = []
  // Results leave by assignment: tidy walks whatever it is given back element by element, typed arrays too.
  tf.tidy(() => {
    const cards = arm === 'no card' ? batch.means.map(constantCard) : batch.cards
    const inputs = cardTensors(cardFeatures(cards, batch.means))
    const x = matrixTensor(batch.queries)
    const objective = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const named = namedTensors(tensors)
      const y = applyHeads(named, generateHeads(named, inputs), x, shape)
      const listwise = corpusLoss.loss(y)
      if (identityPenalty === 0) return listwise
      const shift = tf.sum(tf.squaredDifference(y, x))
      return tf.add(listwise, tf.mul(shift, identityPenalty / batch.queries.rows)) as tf.Scalar
    })
    const { value, grads } = objective(
      parameters.map(({ data, shape: size }) => tf.tensor(data, [...size], 'float32')),
    )
    loss = (value.dataSync() as Float32Array)[0]
    gradients = grads.map((gradient) => gradient.dataSync() as Float32Array)
  })
  return { loss, gradients }
}
