import { describe, expect, it } from 'vitest'
import { readTyped, replaced } from '../../../src/renderer/components/options/said-options'
import {
  changesIn,
  EMPTY_DRAFT,
  type RecipeDraft,
  settingOf,
  toOverrides,
} from '../../../src/renderer/train/recipe-draft'
import { RECIPE, REGISTRIES } from '../fixture-registries'

const optionOf = (name: string) =>
  REGISTRIES.flatMap(({ entries }) => entries.flatMap(({ options }) => options)).find(
    (option) => option.name === name,
  )!

describe('a draft of a recipe', () => {
  it('says nothing when nothing was said', () => {
    expect(toOverrides(EMPTY_DRAFT)).toBeUndefined()
    expect(changesIn(EMPTY_DRAFT)).toBe(0)
  })

  it('becomes overrides: objects in part, variants with their options', () => {
    const draft: RecipeDraft = {
      choices: { head: { name: 'projection', options: { dimensions: 64 } } },
      losses: [{ name: 'pairwise', options: {}, weight: 2 }],
      settings: { learningRate: 3e-4, 'nullCards.share': 0.2, 'nullCards.penalty': 3, clipNorm: null },
    }
    expect(toOverrides(draft)).toEqual({
      head: { name: 'projection', options: { dimensions: 64 } },
      losses: [{ name: 'pairwise', options: {}, weight: 2 }],
      learningRate: 3e-4,
      nullCards: { share: 0.2, penalty: 3 },
      clipNorm: null,
    })
    expect(changesIn(draft)).toBe(6)
  })

  it('gives an entry back to the preset', () => {
    const said = replaced({ rank: 4 }, 'basis', 8)
    expect(said).toEqual({ rank: 4, basis: 8 })
    expect(replaced(said, 'rank', undefined)).toEqual({ basis: 8 })
  })

  it('finds what the preset has, in objects too', () => {
    expect(settingOf(RECIPE, 'learningRate')).toBe(0.001)
    expect(settingOf(RECIPE, 'wrongCards.margin')).toBe(0.1)
    expect(settingOf(RECIPE, 'nothing.here')).toBeUndefined()
  })
})

describe('what is typed into a field', () => {
  it('is read by the type of its option', () => {
    expect(readTyped(optionOf('of'), 'bm25, dense,')).toEqual(['bm25', 'dense'])
    expect(readTyped(optionOf('weights'), '.3, .7')).toEqual([0.3, 0.7])
    expect(readTyped(optionOf('memberOptions'), '{"bm25":{"k1":2}}')).toEqual({ bm25: { k1: 2 } })
  })

  it('is nothing where it cannot be read', () => {
    expect(readTyped(optionOf('weights'), 'a, b')).toBeUndefined()
    expect(readTyped(optionOf('memberOptions'), '{')).toBeUndefined()
    expect(readTyped(optionOf('of'), '  ')).toBeUndefined()
  })
})
