import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { calibrate, confidenceOf } from '../../../src/main/engine/preferences/confidence'
import type { Ranking } from '../../../src/main/engine/retrieval/corpus-index'

/** Lists of 20 documents with evenly spread scores; the relevant one stands at a place drawn by `place`. */
function judged(count: number, place: (random: ReturnType<typeof randomStream>) => number) {
  const random = randomStream(3, 'lists')
  const rankings: Ranking[] = []
  const relevant: ReadonlySet<number>[] = []
  for (let i = 0; i < count; i++) {
    rankings.push({
      documents: Int32Array.from({ length: 20 }, (_, d) => d),
      scores: Float32Array.from({ length: 20 }, (_, d) => 100 - 3 * d),
    })
    relevant.push(new Set([place(random)]))
  }
  return { rankings, relevant }
}

describe('a calibrated teacher', () => {
  it('is believed by how often its margins are right on dev', () => {
    const good = judged(200, (random) => Math.floor(3 * random.next()))
    const fair = judged(200, (random) => Math.floor(14 * random.next()))
    const blind = judged(200, (random) => random.integer(20))
    const wrong = judged(200, (random) => 17 + random.integer(3))
    const at = (dev: typeof good) => confidenceOf(calibrate(dev.rankings, dev, 1), 1)
    expect(at(good)).toBeGreaterThan(0.8)
    expect(at(fair)).toBeLessThan(at(good) - 0.2)
    expect(at(fair)).toBeGreaterThan(at(blind))
    expect(at(blind)).toBeLessThan(0.1)
    expect(at(wrong)).toBe(0)
  })

  it('fits the slope of the model that made the data', () => {
    // Two documents a list, margin 2 standard deviations whatever the scores; right in 3 of 4: σ(2a) = 3/4.
    const rankings = Array.from({ length: 400 }, () => ({
      documents: Int32Array.from([0, 1]),
      scores: Float32Array.from([5, 1]),
    }))
    const relevant = rankings.map((_, i) => new Set([i % 4 === 0 ? 1 : 0]))
    const confidence = calibrate(rankings, { rankings, relevant }, 1)
    if (confidence.kind !== 'logistic') throw new Error('expected a fit')
    expect(confidence.slope).toBeCloseTo(Math.log(3) / 2, 2)
    expect(confidenceOf(confidence, 2)).toBeCloseTo(0.5, 2)
  })

  it('really varies, grows with the margin, and is 0 where there is none', () => {
    const dev = judged(100, (random) => random.integer(9))
    for (const confidence of [calibrate(dev.rankings, dev, 1), calibrate(dev.rankings, null, 1)]) {
      const values = [0, 0.2, 0.5, 1, 2, 3].map((margin) => confidenceOf(confidence, margin))
      for (let i = 1; i < values.length; i++) expect(values[i]).toBeGreaterThan(values[i - 1])
      expect(values[0]).toBe(0)
      expect(confidenceOf(confidence, -1)).toBe(0)
      expect(values[5] - values[1]).toBeGreaterThan(0.5)
      expect(values[5]).toBeLessThanOrEqual(1)
    }
  })

  it('falls back on percentiles where dev says too little, and knows nothing of lists without margins', () => {
    const dev = judged(2, () => 0)
    expect(calibrate(dev.rankings, dev, 1).kind).toBe('percentile')
    const flat = [{ documents: Int32Array.from([0, 1]), scores: Float32Array.from([1, 1]) }]
    expect(confidenceOf(calibrate(flat, null, 1), 1)).toBe(0)
    expect(confidenceOf(calibrate([], null, 1), 1)).toBe(0)
  })
})
