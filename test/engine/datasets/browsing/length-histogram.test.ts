import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countWords, lengthCounter } from '../../../../src/main/engine/datasets/browsing/length-histogram'

const summaryOf = (lengths: readonly number[]) => {
  const counter = lengthCounter()
  for (const length of lengths) counter.add(length)
  return counter.summary()
}

describe('lengths of texts', () => {
  it('are summed up as they are', () => {
    expect(summaryOf([0, 4, 4, 8])).toMatchObject({
      texts: 4,
      empty: 1,
      mean: 4,
      median: 4,
      p95: 8,
      longest: 8,
    })
    expect(summaryOf([])).toMatchObject({ texts: 0, empty: 0, mean: 0, median: 0, longest: 0 })
  })

  it('stand in bars of one round width, each text in one; the last takes the few long ones', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { minLength: 1, maxLength: 300 }), (lengths) => {
        const { bins, longest } = summaryOf(lengths)
        expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(lengths.length)
        expect(bins.length).toBeLessThanOrEqual(31)
        bins.forEach((bin, place) => {
          expect(bin.count).toBe(lengths.filter((one) => one >= bin.from && one < bin.to).length)
          if (place > 0) expect(bin.from).toBe(bins[place - 1].to)
        })
        expect(bins[bins.length - 1].to).toBeGreaterThan(longest)
      }),
    )
    const { bins } = summaryOf([...Array.from({ length: 500 }, (_, i) => i % 50), 90_000])
    expect(bins[0]).toMatchObject({ from: 0, to: 2 })
    expect(bins.at(-1)).toMatchObject({ to: 90_001 })
  })

  it('counts stretches between white space', () => {
    expect(countWords('  one two\n\tthree ')).toBe(3)
    expect(countWords('')).toBe(0)
  })
})
