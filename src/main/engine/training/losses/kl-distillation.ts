import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { type LossSpec, meanOfRows, noLoss, scoreLoss } from './loss'

/** Keeps a place without a document at probability 0 in float32 without making infinities. */
const ABSENT = -1e4

const options = z.strictObject({
  teacherTemperature: z
    .number()
    .positive()
    .default(0.5)
    .describe("sharpness of the teacher's list: softmax(standardised scores / this)"),
})

/** Σ_d p_d·(log p_d − log s_d), p = softmax(t / τ_t) of the teacher's scores over its list, s = softmax(q·D / τ) there. */
export const klDistillation: LossSpec<typeof options> = {
  name: 'kl-distillation',
  title: 'KL distillation',
  summary:
    "The student's distribution over the teacher's list is to equal the teacher's: soft targets instead of chosen documents.",
  citation: 'Hinton, Vinyals and Dean, Distilling the knowledge in a neural network, 2015',
  options,
  needs: 'lists',
  scored: true,
  create({ temperature }, { teacherTemperature }) {
    return scoreLoss((step, scores) => {
      const { lists } = step.preferences
      const { length, documents } = lists
      if (length === 0) return noLoss(step, scores)
      const n = step.queries
      const size: [number, number] = [n, length]
      const rows = Int32Array.from({ length: n * length }, (_, i) => Math.floor(i / length))
      const absent = tf.tensor2d(
        Float32Array.from(documents, (document) => (document < 0 ? ABSENT : 0)),
        size,
      )
      const listed = lists.scores.map((score, i) => (documents[i] < 0 ? 0 : score))
      const teacher = tf.div(tf.tensor2d(listed, size), teacherTemperature)
      const wanted = tf.logSoftmax(tf.add(teacher, absent), 1)
      const student = tf.reshape(scores.pairs(rows, documents), size)
      const reached = tf.logSoftmax(tf.add(tf.div(student, temperature), absent), 1)
      return meanOfRows(tf.sum(tf.mul(tf.exp(wanted), tf.sub(wanted, reached)), 1) as tf.Tensor1D)
    })
  },
}
