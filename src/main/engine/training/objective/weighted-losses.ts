import * as tf from '@tensorflow/tfjs'
import type { Recipe } from '../../../../shared/schemas/run'
import { findSpec, parseOptions } from '../../registry/registry'
import { losses } from '../losses'
import type { Loss, LossMaterial } from '../losses/loss'

/** The weighted sum of a recipe's losses, as one loss. */
export async function createWeightedLosses(chosen: Recipe['losses'], material: LossMaterial): Promise<Loss> {
  const terms: { readonly loss: Loss; readonly weight: number }[] = []
  const dispose = async () => {
    await Promise.all(terms.map(({ loss }) => loss.dispose()))
  }
  try {
    for (const { name, options, weight } of chosen) {
      const spec = findSpec('loss', losses, name)
      const loss = await spec.create(material, parseOptions('loss', spec, options))
      terms.push({ loss, weight })
    }
  } catch (thrown) {
    await dispose()
    throw thrown
  }
  return {
    begin(step) {
      for (const { loss } of terms) loss.begin(step)
    },
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
