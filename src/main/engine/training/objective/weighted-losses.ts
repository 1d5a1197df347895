import * as tf from '@tensorflow/tfjs'
import type { Recipe } from '../../../../shared/schemas/run'
import { findSpec, parseOptions } from '../../registry/registry'
import { losses } from '../losses'
import type { Loss, LossMaterial } from '../losses/loss'

/** The weighted sum of a recipe's losses, as one loss. */
export function createWeightedLosses(chosen: Recipe['losses'], material: LossMaterial): Loss {
  const terms: { readonly loss: Loss; readonly weight: number }[] = []
  const dispose = () => {
    for (const { loss } of terms) loss.dispose()
  }
  try {
    for (const { name, options, weight } of chosen) {
      const spec = findSpec('loss', losses, name)
      terms.push({ loss: spec.create(material, parseOptions('loss', spec, options)), weight })
    }
  } catch (thrown) {
    dispose()
    throw thrown
  }
  return {
    value(step, y, scores) {
      const values = terms.map(({ loss, weight }) => ({ weight, ...loss.value(step, y, scores) }))
      const means = values.map(({ mean, weight }) =>
        weight === 1 ? mean : (tf.mul(mean, weight) as tf.Scalar),
      )
      const rows = values.map(
        ({ rows, weight }) => (weight === 1 ? rows : tf.mul(rows, weight)) as tf.Tensor1D,
      )
      return { mean: sumOf(means), rows: sumOf(rows) }
    },
    dispose,
  }
}

function sumOf<T extends tf.Tensor>(terms: readonly T[]): T {
  return terms.length === 1 ? terms[0] : (tf.addN([...terms]) as T)
}
