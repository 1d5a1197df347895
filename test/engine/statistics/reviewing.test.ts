import { describe, expect, it } from 'vitest'
import { rankBiasedOverlap } from '../../../src/main/engine/statistics/rank-biased-overlap'
import { seedSpread } from '../../../src/main/engine/statistics/variance-components'
import golden from '../../fixtures/reviewing.json'

describe('rank-biased overlap', () => {
  it('is the sum over depths of its definition', () => {
    expect(golden.overlaps.length).toBeGreaterThan(10)
    for (const { a, b, p, rbo } of golden.overlaps) expect(rankBiasedOverlap(a, b, p)).toBeCloseTo(rbo, 12)
  })

  it('is 1 of a ranking with itself, 0 of two without a common document, and counts the top most', () => {
    const list = [3, 1, 4, 15, 9, 2, 6, 5, 35, 8]
    expect(rankBiasedOverlap(list, list)).toBeCloseTo(1, 12)
    expect(rankBiasedOverlap([1, 2], [3, 4])).toBe(0)
    expect(rankBiasedOverlap([], [])).toBe(1)
    expect(rankBiasedOverlap([], [1])).toBe(0)
    const top = [1, 3, ...list.slice(2)]
    const end = [...list.slice(0, 8), 8, 35]
    expect(rankBiasedOverlap(list, top)).toBeLessThan(rankBiasedOverlap(list, end))
  })
})

describe('the spread over seeds apart from that over units', () => {
  it.each(golden.cases)('is what projections give: $name', ({ strata, name: _, ...expected }) => {
    const seeds = strata[0].map((_, s) => strata.map((stratum) => stratum[s]))
    const spread = seedSpread(seeds)
    for (const [part, value] of Object.entries(expected))
      expect(spread[part as keyof typeof spread], part).toBeCloseTo(value, 9)
  })

  it('says that seeds are nothing where each gives the same, and units where all are alike', () => {
    const same = [0.1, 0.5, 0.3]
    expect(seedSpread([[same], [same]])).toMatchObject({ sd: 0, seeds: 0, both: 0 })
    const apart = seedSpread([[[0.2, 0.2]], [[0.4, 0.4]]])
    expect(apart.units).toBe(0)
    // Two seeds .2 apart: their standard deviation is .2/√2, the standard error of their mean half of .2.
    expect(apart.seeds).toBeCloseTo(0.1, 12)
  })
})
