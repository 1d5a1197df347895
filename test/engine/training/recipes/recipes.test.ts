import { expect, it } from 'vitest'
import { createNetwork, describeNetwork } from '../../../../src/main/engine/hypernet/network'
import { randomStream } from '../../../../src/main/engine/numeric/random'
import { findPreset, resolveRecipe } from '../../../../src/main/engine/training/recipes/recipes'

it.each(['original', 'original-film'])(
  'the notes of %s announce the true number of its weights',
  (preset) => {
    const recipe = resolveRecipe(preset, 4)
    const network = createNetwork(describeNetwork(recipe, 384, ['a', 'b', 'c', 'd']))
    const weights = network
      .initialParameters(randomStream(1, 'weights'))
      .reduce((sum, { data }) => sum + data.length, 0)
    expect(findPreset(preset).notes!.join(' ')).toContain(`${(weights / 1e6).toFixed(2)} million`)
  },
)
