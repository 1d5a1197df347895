import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rankRow } from '../../../src/main/engine/retrieval/corpus-index'
import { fusionOf } from '../../../src/main/engine/retrieval/fusion'
import { descendingIdOrder, type Scores } from '../../../src/main/engine/retrieval/top-k'
import { unionFusion } from '../../../src/main/engine/retrieval/union-fusion'

interface Golden {
  unions: {
    seed: number
    documents: number
    matching: number
    share: number
    barred: number[]
    first: number[]
    fused: number[]
    sha256: string
  }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/fusion.json', import.meta.url), 'utf8'),
)

/** [0, 1) by the generator of test/oracle/fusion.py. */
function uniform(seed: number, count: number): number[] {
  let state = BigInt(seed)
  return Array.from({ length: count }, () => {
    state = (1664525n * state + 1013904223n) % 2n ** 32n
    return Number(state) / 2 ** 32
  })
}

const order = (size: number) => descendingIdOrder(Array.from({ length: size }, (_, i) => String(10_000 + i)))
const ranked = (row: Scores) => [...rankRow(row.slice(), row.length, order(row.length)).documents]
const BARRED = Number.NEGATIVE_INFINITY

describe('min-max over the union of the first 1,000', () => {
  it.each(golden.unions)('is that of numpy: $documents documents, share $share', (one) => {
    const dense = Float32Array.from(uniform(one.seed, one.documents), (value) => value - 0.3)
    const lexical = Float32Array.from(uniform(one.seed + 100, one.documents), (value) =>
      value < one.matching ? (20 * value) / one.matching : 0,
    )
    for (const document of one.barred) dense[document] = BARRED
    const tieOrder = order(one.documents)
    const fused = unionFusion([dense, lexical], tieOrder)([1 - one.share, one.share])
    const { documents } = rankRow(fused, one.documents, tieOrder, one.barred)
    expect([...documents.subarray(0, one.first.length)]).toEqual(one.first.slice(0, documents.length))
    one.fused.forEach((expected, place) => {
      expect(fused[one.first[place]]).toBeCloseTo(expected, 12)
    })
    expect(createHash('sha256').update(documents.join()).digest('hex')).toBe(one.sha256)
  })

  const scores = fc
    .float({ min: -1, max: 1, noNaN: true, noDefaultInfinity: true })

    // Scores of one system are that far apart, or equal: a part in 2^40 of the scale, where double precision has 2^52.
    .map((x) => Math.fround(Math.round(x * 2 ** 40) / 2 ** 40))
  const words = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 40 }))
  const pair = fc
    .array(fc.tuple(scores, words), { minLength: 2, maxLength: 60 })
    .map((both) => both.map(([dense, lexical]) => [Math.round(dense * 1024) / 1024, lexical / 4] as const))
    .map((both) => [
      Float32Array.from(both, ([dense]) => dense),
      Float32Array.from(both, ([, lexical]) => lexical),
    ])

  it('of weight 0 or 1 is the one ranking, to the last document', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(scores, scores), { minLength: 1, maxLength: 60 }), (both) => {
        const rows = [0, 1].map((system) => Float32Array.from(both, (one) => one[system]))
        const fused = unionFusion(rows, order(both.length))
        expect(ranked(fused([1, 0]))).toEqual(ranked(rows[0]))
        expect(ranked(fused([0, 1]))).toEqual(ranked(rows[1]))
      }),
    )
  })

  it('does not change when the scores of either system are shifted or stretched', () => {
    // Numbers of few bits: the change itself must not round.
    const change = fc.record({
      stretch: fc.constantFrom(0.25, 1, 2, 64),
      shift: fc.integer({ min: -8, max: 8 }),
    })
    fc.assert(
      fc.property(pair, change, change, fc.constantFrom(0.05, 0.25, 0.5), ([dense, lexical], a, b, share) => {
        const changed = (row: Float32Array, { stretch, shift }: typeof a) =>
          row.map((score) => score * stretch + shift)
        const before = unionFusion([dense, lexical], order(dense.length))([1 - share, share])
        const after = unionFusion(
          [changed(dense, a), changed(lexical, b)],
          order(dense.length),
        )([1 - share, share])
        const inside = before.map((score) => Math.max(score, 0))
        after.forEach((score, document) => {
          expect(Math.max(score, 0)).toBeCloseTo(inside[document], 12)
        })
        expect(ranked(after)).toEqual(ranked(before))
      }),
    )
  })

  it('puts what is among the first of neither below all others, by the first system', () => {
    const size = 3000
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(0.05, 0.3, 0.95), (seed, share) => {
        const dense = Float32Array.from(uniform(seed, size))
        const lexical = Float32Array.from(uniform(seed + 7, size), (value) => (value < 0.6 ? value : 0))
        const places = (row: Float32Array) => {
          const place = new Int32Array(size)
          ranked(row).forEach((document, rank) => {
            place[document] = rank
          })
          return place
        }
        const [byDense, byWords] = [places(dense), places(lexical)]
        const outside = (document: number) => byDense[document] >= 1000 && byWords[document] >= 1000
        const all = ranked(unionFusion([dense, lexical], order(size))([1 - share, share]))
        const begins = all.findIndex(outside)
        expect(all.slice(begins).every(outside)).toBe(true)
        expect(begins).toBeGreaterThanOrEqual(1000)
        const below = all.slice(begins)
        expect(below).toEqual([...below].sort((a, b) => byDense[a] - byDense[b]))
        expect(new Set(all).size).toBe(size)
      }),
      { numRuns: 8 },
    )
  })

  it('leaves out a system that says the same of all, and never finds a barred document', () => {
    const fused = unionFusion([Float32Array.of(0.1, BARRED, 0.3), new Float32Array(3)], order(3))([0.5, 0.5])
    expect(ranked(fused).slice(0, 2)).toEqual([2, 0])
    expect(fused[1]).toBe(BARRED)
  })

  it('makes no two documents equal that a system tells apart', () => {
    const dense = Float32Array.of(-1, 1e-7, 1.00001e-7, 1)
    const fused = unionFusion([dense, new Float32Array(4)], order(4))([0.95, 0.05])
    expect(fused[2]).toBeGreaterThan(fused[1])
  })

  it('needs a weight for each system and one above 0', () => {
    const fused = unionFusion([Float32Array.of(1, 2), Float32Array.of(0, 3)], order(2))
    expect(() => fused([1])).toThrow(RangeError)
    expect(() => fused([0, 0])).toThrow(RangeError)
  })
})

describe('fusionOf', () => {
  it('has both scales: one matched word of short texts is loud by z-scores alone', () => {
    // 400 documents, one of which shares a word with the query and is the last by the encoder.
    const dense = Float32Array.from({ length: 400 }, (_, i) => 0.5 - i / 1000)
    const lexical = new Float32Array(400)
    lexical[399] = 6
    const first = (normalisation: 'min-max' | 'z-score') =>
      ranked(fusionOf([dense, lexical], { normalisation, tieOrder: order(400) })([0.8, 0.2]))[0]
    expect(first('z-score')).toBe(399)
    expect(first('min-max')).toBe(0)
  })
})
