import * as tf from '@tensorflow/tfjs'
import { NEAREST_CARDS } from '../../hypernet/experts/card-likeness'
import { type ExpertPlan, expertsOf } from '../../hypernet/experts/expert-plan'
import type { CardTensors, ParameterTensors } from '../../hypernet/network-tensors'
import type { GraphRecorder } from './recorded-graph'

/** What gates make of one card, as chooseExperts does; E experts in the order of the plan. */
export interface ChosenTensors {
  /** [E, 2] of text and corpus */
  readonly likeness: tf.Tensor
  /** [1, E] in [0, 1] */
  readonly gates: tf.Tensor
  /** [1, E] */
  readonly shares: tf.Tensor2D
  /** [1] how much of the head experts make, in [0, 1] */
  readonly fit: tf.Tensor
  /** [1] whole: place of the trained card whose text and corpus together are nearest */
  readonly nearest: tf.Tensor
  /** [2] its cosines of text and corpus */
  readonly nearestLikeness: tf.Tensor
}

/**
 * The choice of experts as part of a recorded graph: the generator makes it in float64 of numbers that a recording does not
 * have (docs/method.md#experts-behind-a-card).
 * @param least a gate that opens less stays shut
 */
export function chooseExpertsNodes(
  record: GraphRecorder,
  p: ParameterTensors,
  cards: Pick<CardTensors, 'description' | 'documents'>,
  plan: ExpertPlan,
  least: number,
): ChosenTensors {
  const experts = expertsOf(plan)
  const count = experts.length
  const trained = plan.of.length
  const cosines = cosinesNodes(record, p, cards)
  const likeness = tf.concat(
    experts.map(({ members }) => nearestNodes(record, cosines, members)),
    1,
  )
  const [slopes, bias] = gateConstants(p, count)
  const both = tf.ones([1, 2]) as tf.Tensor2D
  const opened = record.node(
    'Sigmoid',
    [tf.add(tf.matMul(both, tf.mul(likeness, slopes) as tf.Tensor2D), bias)],
    { shape: [1, count] },
  )
  const shut = record.node('Less', [opened, tf.scalar(least)], { shape: [1, count], dtype: 'bool' })
  const gates = record.node('Where', [shut, tf.scalar(0), opened], { shape: [1, count] }) as tf.Tensor2D
  const sum = (of: tf.Tensor2D) => tf.matMul(of, tf.ones([count, 1]) as tf.Tensor2D)
  const whole = record.node('Max', [sum(gates), tf.scalar(1)], { shape: [1, 1] })
  const shares = tf.div(gates, whole) as tf.Tensor2D
  const fit = record.node('Min', [tf.reshape(sum(shares), [1]), tf.scalar(1)], { shape: [1] })
  const together = tf.reshape(tf.matMul(both, cosines), [trained])
  const nearest = record.node('ArgMax', [together], { shape: [1], dtype: 'int32' }, { axis: 0, keepdims: 1 })
  const nearestLikeness = record.node('Gather', [cosines, nearest], { shape: [2, 1] }, { axis: 1 })
  return {
    likeness: tf.transpose(likeness),
    gates,
    shares,
    fit,
    nearest,
    nearestLikeness: tf.reshape(nearestLikeness, [2]),
  }
}

/** [2, trained cards] cosines of text and of corpus, both seen from the middle of the experts. */
function cosinesNodes(
  record: GraphRecorder,
  p: ParameterTensors,
  { description, documents }: Pick<CardTensors, 'description' | 'documents'>,
): tf.Tensor2D {
  const d = description.shape[1]
  const middle = p.middle.dataSync()
  const part = (own: tf.Tensor2D, row: number, trained: tf.Tensor) => {
    const seen = tf.sub(own, tf.tensor2d(middle.slice(row * d, (row + 1) * d), [1, d]))
    // Of length zero stays zero here, too.
    const unit = record.node('LpNormalization', [seen], { shape: [1, d] }, { axis: -1, p: 2 })
    return tf.matMul<tf.Tensor2D>(unit, trained, false, true)
  }
  return tf.concat([part(description, 0, p.trainedTexts), part(documents, 1, p.trainedCorpora)], 0)
}

/** [2, 1] mean of the highest cosines with these cards, of as many as there are; 0 with none. */
function nearestNodes(record: GraphRecorder, cosines: tf.Tensor2D, members: readonly number[]): tf.Tensor2D {
  const most = Math.min(NEAREST_CARDS, members.length)
  if (most === 0) return tf.zeros([2, 1]) as tf.Tensor2D
  const own = record.node('Gather', [cosines, members], { shape: [2, members.length] }, { axis: 1 })
  const highest = record.node('TopK', [own, [most]], { shape: [2, most], second: true }, { axis: 1 })
  return tf.mean(highest, 1, true)
}

/** Slopes [2, E] of text and corpus, and constants [1, E], as `gates` [E, 3] has them. */
function gateConstants(p: ParameterTensors, count: number): [slopes: tf.Tensor, bias: tf.Tensor] {
  const values = p.gates.dataSync()
  const column = (place: number) => Array.from({ length: count }, (_, e) => values[3 * e + place])
  return [tf.tensor2d([...column(0), ...column(1)], [2, count]), tf.tensor2d(column(2), [1, count])]
}
