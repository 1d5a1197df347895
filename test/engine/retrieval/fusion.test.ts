import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fuse,
  listScores,
  minMaxScores,
  ROW_SCALES,
  type RowScale,
  rawListScores,
  zScores,
} from '../../../src/main/engine/retrieval/fusion'

interface Golden {
  rows: { scores: number[][]; 'z-score': number[][]; 'min-max': number[][]; fused: number[] }[]
  lists: { documents: number[]; scores: number[]; size: number; expected: Record<RowScale, number[]> }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/fusion.json', import.meta.url), 'utf8'),
)

function expectClose(got: Float32Array, expected: readonly number[], tolerance = 2e-6): void {
  expect(got.length).toBe(expected.length)
  got.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected[i])))
  })
}

describe('rows over the whole corpus, against scipy and numpy', () => {
  it.each(golden.rows.map((one) => [one.scores[0].length, one] as const))('of %i documents', (_, one) => {
    one.scores.forEach((scores, s) => {
      expectClose(zScores(Float32Array.from(scores)), one['z-score'][s])
      expectClose(minMaxScores(Float32Array.from(scores)), one['min-max'][s])
    })
    const scaled = one.scores.map((scores) => zScores(Float32Array.from(scores)))
    expectClose(fuse(scaled, [0.7, 0.3]), one.fused, 4e-6)
  })

  it('can be normalised in place', () => {
    const row = Float32Array.of(1, 2, 4)
    const expected = zScores(row)
    expect(zScores(row, row)).toBe(row)
    expect(row).toEqual(expected)
  })

  it('are zeros where all scores are equal, and leave excluded documents where they are', () => {
    expect(zScores(Float32Array.of(0.1, 0.1, 0.1))).toEqual(new Float32Array(3))
    expect(minMaxScores(Float32Array.of(7, 7))).toEqual(new Float32Array(2))
    expect(zScores(Float32Array.of(Number.NEGATIVE_INFINITY, 1, 3))).toEqual(
      Float32Array.of(Number.NEGATIVE_INFINITY, -1, 1),
    )
    expect(minMaxScores(Float32Array.of(Number.NEGATIVE_INFINITY, 1, 3))).toEqual(
      Float32Array.of(Number.NEGATIVE_INFINITY, 0, 1),
    )
    expect(zScores(new Float32Array(0))).toEqual(new Float32Array(0))
  })

  it('have mean 0 and deviation 1, whatever the scale of the scores', () => {
    const scores = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 50 })
    fc.assert(
      fc.property(scores, fc.constantFrom(0.01, 1, 50), (values, factor) => {
        fc.pre(Math.max(...values) - Math.min(...values) > 1)
        const z = zScores(Float32Array.from(values, (value) => value * factor + 3))
        const mean = z.reduce((sum, value) => sum + value, 0) / z.length
        const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / z.length
        expect(Math.abs(mean)).toBeLessThan(1e-4)
        expect(Math.abs(variance - 1)).toBeLessThan(1e-3)
      }),
    )
  })
})

describe('fuse', () => {
  it('leaves a row of weight 0 out, whatever it holds', () => {
    const broken = Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY)
    expect(fuse([Float32Array.of(1, 2), broken], [2, 0])).toEqual(Float32Array.of(2, 4))
  })

  it('needs a weight for each row', () => {
    expect(() => fuse([Float32Array.of(1)], [1, 1])).toThrow(RangeError)
  })
})

describe('lists', () => {
  it.each(golden.lists.flatMap((one) => ROW_SCALES.map((method) => [method, one] as const)))(
    'by %s have the numbers of numpy',
    (method, { documents, scores, size, expected }) => {
      const list = { documents: Int32Array.from(documents), scores: Float32Array.from(scores) }
      expectClose(listScores(list, size, method), expected[method])
    },
  )

  it('that are empty say nothing', () => {
    const empty = { documents: new Int32Array(0), scores: new Float32Array(0) }
    for (const method of ROW_SCALES) expect(listScores(empty, 4, method)).toEqual(new Float32Array(4))
  })

  it('as they are stand at their lowest score where they say nothing', () => {
    const list = { documents: Int32Array.of(2, 0), scores: Float32Array.of(5, -3) }
    expect(rawListScores(list, 4)).toEqual(Float32Array.of(-3, -3, 5, -3))
    expect(rawListScores({ documents: new Int32Array(0), scores: new Float32Array(0) }, 2)).toEqual(
      new Float32Array(2),
    )
  })

  it('fused by reciprocal rank with equal weights follow 1/(60 + rank)', () => {
    const list = (...documents: number[]) => ({
      documents: Int32Array.from(documents),
      scores: Float32Array.from(documents, (_, i) => 100 - i),
    })
    const fused = fuse([listScores(list(2, 0), 3, 'rrf'), listScores(list(2, 1), 3, 'rrf')], [1, 1])
    expectClose(fused, [1 / 62, 1 / 62, 2 / 61], 1e-8)
    expectClose(listScores(list(1), 2, 'rrf', 9), [0, 0.1], 1e-8)
  })
})
