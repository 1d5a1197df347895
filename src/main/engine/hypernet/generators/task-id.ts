import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import { normal, parameter } from '../parameters'
import type { GeneratorSpec } from './generator-spec'
import {
  baseParameters,
  baseTerms,
  basisParameters,
  basisTerm,
  coefficientParameters,
  coefficients,
} from './map-terms'
import { skipOption } from './skip-option'
import { makeVectors, planVectors, usesCode, vectorParameters } from './vector-plan'

const options = z.strictObject({
  skip: skipOption(false, ', added to the task’s own; the network then looks at the card after all'),
})

/** The basis network with a learned code for each trained task instead of what the MLP reads off its card. */
export const taskId: GeneratorSpec<typeof options> = {
  name: 'task-id',
  title: 'Task id',
  summary:
    'A learned code for each trained task instead of its card: the control that says what the content of a card is worth. A task that was not trained gets the mean code.',
  citation: 'Karimi Mahabadi et al., HyperFormer (task embeddings), ACL 2021',
  options,
  create({ skip }, { blocks, shape, start, tasks }) {
    if (tasks < 1) {
      throw new HydraError('USAGE', {
        expected: 'the trained tasks, whose codes the generator task-id learns',
        got: 'none',
        remedy: 'Train it on at least one task.',
      })
    }
    const { map } = blocks
    const plans = planVectors(blocks, ({ role }) => ({ code: true, card: skip && role === 'bias' }))
    const coded = map !== null || usesCode(plans)
    return {
      parameters: [
        ...(coded ? [parameter('taskCodes', [tasks, shape.hidden], normal(1))] : []),
        ...(map
          ? [
              ...baseParameters(map),
              ...coefficientParameters(shape),
              ...basisParameters(map, shape.basis * shape.rank),
            ]
          : []),
        ...vectorParameters(plans, shape, start),
      ],
      generate(p, cards) {
        const code = coded
          ? tf.matMul<tf.Tensor2D>(oneHot(cards.ids, tasks), p.taskCodes as tf.Tensor2D)
          : null
        return {
          map: map ? [...baseTerms(map, p), basisTerm(p, coefficients(p, code!))] : [],
          vectors: makeVectors(plans, p, cards, code),
        }
      },
    }
  },
}

/** [T, tasks]; a row of an unknown task is the mean of all. A product with it is a look-up whose gradient every backend has. */
function oneHot(ids: Int32Array, tasks: number): tf.Tensor2D {
  const rows = new Float32Array(ids.length * tasks)
  ids.forEach((id, t) => {
    if (id >= tasks) throw new RangeError(`task ${id} of ${tasks}`)
    if (id >= 0) rows[t * tasks + id] = 1
    else rows.fill(1 / tasks, t * tasks, (t + 1) * tasks)
  })
  return tf.tensor2d(rows, [ids.length, tasks])
}
