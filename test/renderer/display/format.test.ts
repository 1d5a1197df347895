import { describe, expect, it } from 'vitest'
import { differenceWords } from '../../../src/renderer/display/difference-words'
import { bytes, duration, plural, pValue, score, signed } from '../../../src/renderer/display/format'

describe('number formats', () => {
  it.each([
    [score(0.1734), '.173'],
    [score(1), '1.000'],
    [score(-0.0209), '−.021'],
    [signed(0.041), '+.041'],
    [signed(-0.5, 2), '−.50'],
    [signed(-0.0002), '.000'],
    [pValue(0.0004), '< .001'],
    [pValue(0.04), '.040'],
    [duration(45.4), '45 s'],
    [duration(200), '3 min 20 s'],
    [duration(3900), '1 h 5 min'],
    [bytes(23_400_000), '23 MB'],
    [plural(1, 'task'), '1 task'],
    [plural(2170, 'query', 'queries'), '2,170 queries'],
  ])('%s', (shown, expected) => expect(shown).toBe(expected))

  it('calls a difference shown only when its corrected p-value is below .05', () => {
    const between = {
      a: { row: 'task card', bm25: false },
      b: { row: 'frozen', bm25: false },
      delta: 0.02,
      low: 0.001,
      high: 0.04,
      corrected: 0.004,
    }
    expect(differenceWords(between)).toBe('task card is better than frozen by .020.')
    expect(differenceWords({ ...between, delta: -0.02, low: -0.04, high: -0.001 })).toContain('worse')
    expect(differenceWords({ ...between, low: -0.001, corrected: 1 })).toBe(
      'No difference shown between task card and frozen: the interval contains zero.',
    )
    expect(differenceWords({ ...between, corrected: 0.06 })).toContain('among this many comparisons')
  })
})
