import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { correctFamilies } from '../../../src/main/engine/evaluation/differences'
import { type RandomStream, randomStream } from '../../../src/main/engine/numeric/random'
import { holm } from '../../../src/main/engine/statistics/holm'
import { pairedStatistics } from '../../../src/main/engine/statistics/paired-statistics'
import { RANDOMISATION_DRAWS, randomisationTests } from '../../../src/main/engine/statistics/resampling'
import { studentQuantile } from '../../../src/main/engine/statistics/student'
import type { Difference } from '../../../src/shared/schemas/verdict'
import { madeDifference, plain } from '../../made-verdict'

interface Paired {
  differences: number[]
  student: number
  effect: number
  detectable: number | null
  permutation: number
  exact: boolean
}
// Recorded by test/oracle/significance.py (scipy).
const golden: {
  paired: Paired[]
  quantiles: { probability: number; degrees: number; t: number }[]
  families: { ps: number[]; corrected: number[] }[]
} = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../fixtures/significance.json'), 'utf8'))

describe('paired tests against scipy', () => {
  it.each(golden.paired.map((one) => [one.differences.length, one] as const))('n = %i', (_, one) => {
    const differences = Float64Array.from(one.differences)
    const { student, effect, detectable, n } = pairedStatistics(differences)
    expect(n).toBe(one.differences.length)
    expect(student).toBeCloseTo(one.student, 10)
    expect(effect).toBeCloseTo(one.effect, 12)
    if (one.detectable !== null) expect(Math.abs(detectable! / one.detectable - 1)).toBeLessThan(0.01)

    const p = randomisationTest(differences, randomStream(1, 'p'))
    if (one.exact) expect(p).toBeCloseTo(one.permutation, 12)
    // Both are drawn: the standard error of their difference is √2 that of one.
    else {
      const error = Math.sqrt((2 * one.permutation * (1 - one.permutation)) / RANDOMISATION_DRAWS)
      expect(Math.abs(p - one.permutation)).toBeLessThan(4 * error + 2e-5)
    }
  })

  it.each(golden.quantiles)('t($probability, $degrees) = $t', ({ probability, degrees, t }) => {
    expect(Math.abs(studentQuantile(probability, degrees) - t)).toBeLessThan(1e-9 * Math.max(1, t))
  })

  it('says nothing of differences that do not vary', () => {
    for (const values of [[0, 0, 0], [0.1, 0.1, 0.1], [0.3]])
      expect(pairedStatistics(Float64Array.from(values))).toMatchObject({
        student: null,
        effect: null,
        detectable: null,
      })
  })
})

describe('the randomisation test', () => {
  it('gives every column what it would get alone, whatever stands beside it', () => {
    const random = randomStream(2, 'columns')
    const columns = Array.from({ length: 5 }, () => Float64Array.from({ length: 37 }, () => random.normal()))
    const together = randomisationTests(columns, randomStream(1, 'p'), 5000)
    columns.forEach((column, c) => {
      expect(randomisationTest(column, randomStream(1, 'p'), 5000)).toBe(together[c])
    })
  })

  it('is symmetric: b − a has the p of a − b', () => {
    const random = randomStream(4, 'symmetric')
    const column = Float64Array.from({ length: 40 }, () => random.normal() + 0.2)
    const turned = column.map((value) => -value)
    expect(randomisationTest(turned, randomStream(1, 'p'))).toBe(
      randomisationTest(column, randomStream(1, 'p')),
    )
  })

  it('has uniform p-values where nothing differs (Kolmogorov–Smirnov, 1,000 simulations)', () => {
    const random = randomStream(3, 'null')
    const ps = Array.from({ length: 1000 }, () => {
      // Skewed, many zeros, as differences of reciprocal ranks are; symmetric under the null.
      const differences = Float64Array.from({ length: 50 }, () =>
        random.next() < 0.4 ? 0 : (random.next() - random.next()) ** 3,
      )
      return randomisationTest(differences, random, 999)
    }).sort((a, b) => a - b)
    const distance = Math.max(
      ...ps.map((p, i) => Math.max(Math.abs(p - i / 1000), Math.abs(p - (i + 1) / 1000))),
    )
    // The .001 point of the statistic at n = 1,000; p-values come in steps of 1/1,000.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(1000) + 1 / 1000)
  })
})

describe('Holm', () => {
  it.each(golden.families)('$ps', ({ ps, corrected }) => {
    holm(ps).forEach((p, i) => {
      expect(p).toBeCloseTo(corrected[i], 12)
    })
  })

  it('never lowers a p-value, keeps their order and stays in [0, 1]', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (ps) => {
        const corrected = holm(ps)
        for (let i = 0; i < ps.length; i++) {
          expect(corrected[i]).toBeGreaterThanOrEqual(ps[i])
          expect(corrected[i]).toBeLessThanOrEqual(1)
          for (let j = 0; j < ps.length; j++)
            if (ps[i] < ps[j]) expect(corrected[i]).toBeLessThanOrEqual(corrected[j])
        }
      }),
    )
  })

  it('corrects within a measure over the same units, and across nothing else', () => {
    const families = correctFamilies([
      difference({ b: plain('frozen'), p: 0.03 }),
      difference({ b: plain('no card'), p: 0.04 }),
      difference({ b: plain('frozen'), p: 0.04, unit: 'queries' }),
      difference({ b: plain('frozen'), p: 0.04, measure: 'MRR@10' }),
      difference({ b: plain('frozen'), p: 0.04, examples: 4 }),
    ])
    expect(families.map(({ corrected, family }) => [corrected, family])).toEqual([
      [0.06, 2],
      [0.06, 2],
      [0.04, 1],
      [0.04, 1],
      [0.04, 1],
    ])
  })
})

const difference = (change: Partial<Difference> & { p: number }) => madeDifference(change)

function randomisationTest(values: Float64Array, random: RandomStream, draws?: number): number {
  return randomisationTests([values], random, draws)[0]
}
