import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type RandomStream, randomStream } from '../../../src/main/engine/numeric/random'
import {
  bootstrapMeans,
  percentile,
  randomisationTests,
} from '../../../src/main/engine/statistics/resampling'

// Recorded by test/oracle/resampling.py (scipy's exact permutation test, numpy's percentiles).
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../fixtures/resampling.json'), 'utf8'),
)

const randomisationTest = (values: Float64Array, random: RandomStream, draws?: number) =>
  randomisationTests([values], random, draws)[0]
const bootstrapMean = (values: Float64Array, random: RandomStream, draws?: number) =>
  bootstrapMeans([values], random, draws)[0]

describe('the paired randomisation test', () => {
  it.each([3, 40])('shows nothing where one of %s differences is no number', (n) => {
    const differences = Float64Array.from({ length: n }, (_, i) => (i === 1 ? Number.NaN : 1))
    expect(randomisationTest(differences, randomStream(1, 'p'), 1000)).toBe(1)
  })

  it.each(golden.randomisation as { differences: number[]; p: number }[])(
    'has scipy’s exact p = $p within sampling error',
    ({ differences, p }) => {
      const drawn = randomisationTest(Float64Array.from(differences), randomStream(1, 'p'), 40_000)
      expect(Math.abs(drawn - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 40_000) + 1e-4)
    },
  )

  it('has p-values that are uniform where nothing differs', () => {
    const random = randomStream(3, 'null')
    const ps = Array.from({ length: 400 }, () => {
      const differences = Float64Array.from({ length: 30 }, () => random.normal())
      return randomisationTest(differences, random, 200)
    })
    for (const level of [0.1, 0.25, 0.5, 0.75]) {
      const share = ps.filter((p) => p <= level).length / ps.length
      expect(Math.abs(share - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / ps.length))
    }
  })

  it('is 1 for no difference at all and never 0', () => {
    expect(randomisationTest(new Float64Array(10), randomStream(1, 'p'), 100)).toBe(1)
    expect(randomisationTest(new Float64Array(40).fill(1), randomStream(1, 'p'), 100)).toBeCloseTo(1 / 101)
  })
})

describe('the bootstrap', () => {
  it('reads percentiles as numpy does', () => {
    const values = Float64Array.from(golden.values)
    for (const [share, value] of Object.entries(golden.percentiles)) {
      expect(percentile(values, Number(share))).toBeCloseTo(value as number, 9)
    }
  })

  it('covers the mean about as often as it says', () => {
    const random = randomStream(5, 'coverage')
    let covered = 0
    for (let i = 0; i < 300; i++) {
      const sample = Float64Array.from({ length: 60 }, () => 2 + random.normal())
      const { low, high } = bootstrapMean(sample, random, 400)
      if (low <= 2 && 2 <= high) covered++
    }
    expect(covered / 300).toBeGreaterThan(0.9)
    expect(covered / 300).toBeLessThan(0.99)
  })

  it('is the same for the same seed', () => {
    const sample = Float64Array.from({ length: 20 }, (_, i) => Math.sin(i))
    expect(bootstrapMean(sample, randomStream(1, 'a'))).toEqual(bootstrapMean(sample, randomStream(1, 'a')))
  })
})
