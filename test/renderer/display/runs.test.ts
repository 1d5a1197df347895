import { describe, expect, it } from 'vitest'
import { chanceWords } from '../../../src/renderer/display/difference-words'
import { runStyles, withSlots } from '../../../src/renderer/display/run-color'
import { runNames } from '../../../src/renderer/display/run-names'

const run = (id: string, title: string, seed: number) => ({
  id,
  title,
  createdAt: '2026-03-14T09:12:00.000Z',
  request: { seed },
})

describe('runs side by side', () => {
  it('are called by their title, and by as much more as tells them apart', () => {
    expect(runNames([run('a', 'Strict', 1), run('b', 'One-way', 1)])).toEqual(['Strict', 'One-way'])
    expect(runNames([run('a', 'Strict', 1), run('b', 'Strict', 2), run('c', 'Other', 2)])).toEqual([
      'Strict, seed 1',
      'Strict, seed 2',
      'Other',
    ])
    expect(runNames([run('a', 'Strict', 1), run('b', 'Strict', 1)])).toEqual(['a', 'b'])
  })

  it('keep their colour whatever comes and goes', () => {
    const first = withSlots({}, ['a', 'b', 'c'])
    expect(first).toEqual({ a: 0, b: 1, c: 2 })
    const later = withSlots(first, ['c', 'd'])
    expect(later).toEqual({ a: 0, b: 1, c: 2, d: 3 })
    expect(runStyles(later, ['c', 'd'])[0]).toEqual({ token: 'color-run-3', dashed: false })
  })

  it('are told apart by the line where the palette is used up', () => {
    const many = withSlots({}, [...'abcdefghij'])
    expect(many.i).toBe(0)
    expect(runStyles(many, ['a', 'i']).map(({ dashed }) => dashed)).toEqual([false, true])
  })
})

it('the corrected p-value is said as what chance would do', () => {
  expect(chanceWords(0.3)).toContain('no difference shown')
  expect(chanceWords(0.03)).toContain('seldom')
  expect(chanceWords(0.0004)).toContain('hardly ever')
})
