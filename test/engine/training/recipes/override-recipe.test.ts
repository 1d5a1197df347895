import { describe, expect, it } from 'vitest'
import { checkRecipe } from '../../../../src/main/engine/training/recipes/check-recipe'
import { overrideRecipe } from '../../../../src/main/engine/training/recipes/override-recipe'
import { presetNames, resolveRecipe } from '../../../../src/main/engine/training/recipes/recipes'

const recipe = resolveRecipe('recommended', 4)

describe('overrides of a recipe', () => {
  it('leave it alone when there are none', () => {
    expect(overrideRecipe(recipe, {})).toEqual(recipe)
  })

  it('merge the options of a variant, and drop them with the variant', () => {
    const stemming = overrideRecipe(recipe, { teacher: { name: 'bm25', options: { k1: 0.9 } } })
    expect(overrideRecipe(stemming, { teacher: { options: { b: 0.4 } } }).teacher).toEqual({
      name: 'bm25',
      options: { k1: 0.9, b: 0.4 },
    })
    expect(overrideRecipe(stemming, { teacher: { name: 'dense' } }).teacher).toEqual({
      name: 'dense',
      options: {},
    })
  })

  it.each([
    [{ colour: 'red' }, 'OPTION_UNKNOWN'],
    [{ learningRate: 'fast' }, 'USAGE'],
    [{ learningRate: null }, 'USAGE'],
    [{ nullCards: 3 }, 'USAGE'],
    [{ nullCards: { colour: 1 } }, 'USAGE'],
    [{ teacher: 'bm25' }, 'USAGE'],
    [{ teacher: { name: 'bm25', options: 3 } }, 'USAGE'],
    [{ teacher: { name: 'bm25', colour: 1 } }, 'USAGE'],
    [{ losses: [] }, 'USAGE'],
    [{ losses: 'listwise' }, 'USAGE'],
  ])('%j are refused as %s', (overrides, code) => {
    expect(() => overrideRecipe(recipe, overrides)).toThrow(expect.objectContaining({ code }))
  })
})

describe('a checked recipe', () => {
  it.each(presetNames())('of the preset %s is itself, with every option written out', (preset) => {
    for (const tasks of [1, 4, 400]) {
      const checked = checkRecipe(resolveRecipe(preset, tasks), 384)
      expect(checked).toMatchObject(resolveRecipe(preset, tasks))
      expect(checkRecipe(checked, 384)).toEqual(checked)
      if (checked.generator.name === 'basis') expect(checked.generator.options).toHaveProperty('skip')
    }
  })

  it('refuses a head that the index cannot meet', () => {
    const narrow = overrideRecipe(recipe, { head: { name: 'projection', options: { dimensions: 64 } } })
    expect(() => checkRecipe(narrow, 384)).toThrow(expect.objectContaining({ code: 'USAGE' }))
    expect(checkRecipe({ ...narrow, side: 'both', identityPenalty: 0 }, 384).head.options).toEqual({
      dimensions: 64,
    })
  })
})
