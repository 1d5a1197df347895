import * as tf from '@tensorflow/tfjs'
import type { Recipe } from '../../../../shared/schemas/run'
import { findSpec, parseOptions } from '../../registry/registry'
import { losses } from '../losses'
import { type Loss, type LossMaterial, queriesOf } from '../losses/loss'

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
      const rows = new Float64Array(queriesOf(step))
      for (const { rows: own, weight } of values)
        for (let q = 0; q < rows.length; q++) rows[q] += weight * own[q]
      return { mean: means.length === 1 ? means[0] : (tf.addN(means) as tf.Scalar), rows }
    },
    dispose,
  }
}
