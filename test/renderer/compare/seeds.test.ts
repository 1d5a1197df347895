import { describe, expect, it } from 'vitest'
import { sweptSettings } from '../../../src/renderer/compare/several/seeds'
import { differInSeedOnly } from '../../../src/shared/seed-only'
import { meanSd } from '../../../src/shared/statistics/mean-sd'

const differing = (...settings: string[]) => settings.map((setting) => ({ setting, values: ['1', '2'] }))

describe('runs that differ', () => {
  it('in the seed alone are one experiment, whatever their networks became', () => {
    expect(differInSeedOnly(differing('request.seed', 'request.splitSeed', 'weights.task card'))).toBe(true)
    expect(differInSeedOnly(differing('request.seed', 'recipe.learningRate'))).toBe(false)
    expect(differInSeedOnly(differing('weights.task card'))).toBe(false)
    expect(differInSeedOnly([])).toBe(false)
  })

  it('in what somebody chose are a sweep', () => {
    const all = differing(
      'recipe.learningRate',
      'request.seed',
      'weights.no card',
      'machine.cpu',
      'datasets.x',
      'app',
    )
    expect(sweptSettings(all).map(({ setting }) => setting)).toEqual(['recipe.learningRate', 'request.seed'])
  })
})

it('a mean over seeds has the sample standard deviation, from two on', () => {
  const spread = meanSd([2, 4, 4, 4, 5, 5, 7, 9])!
  expect(spread.mean).toBe(5)
  expect(spread.sd).toBeCloseTo(Math.sqrt(32 / 7), 12)
  expect(meanSd([1])).toBeNull()
})
