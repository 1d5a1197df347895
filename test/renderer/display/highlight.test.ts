import { describe, expect, it } from 'vitest'
import { highlight } from '../../../src/renderer/display/highlight'

const marked = (text: string, query: string) =>
  highlight(text, query)
    .filter((stretch) => stretch.marked)
    .map(({ text: word }) => word)

describe('highlight', () => {
  it('gives the text back whole, in stretches', () => {
    const text = 'farm building: a building on a farm (see farms)'
    expect(
      highlight(text, 'farms <b>')
        .map((stretch) => stretch.text)
        .join(''),
    ).toBe(text)
  })

  it('marks words of the query in another inflection, and no part of a word', () => {
    expect(marked('Farming on a farm; the farmhouse farmed', 'farms')).toEqual(['Farming', 'farm', 'farmed'])
  })

  it('marks no function words and nothing without a query', () => {
    expect(marked('the cat and the dog', 'the dog and')).toEqual(['dog'])
    expect(highlight('the cat', '')).toEqual([{ text: 'the cat', marked: false }])
  })
})
