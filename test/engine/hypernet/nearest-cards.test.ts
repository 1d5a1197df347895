import { beforeAll, describe, expect, it } from 'vitest'
import type { CardMeans, CardVectors } from '../../../src/main/engine/hypernet/card-vectors'
import {
  cardNearness,
  type TrainedDirections,
  trainedDirections,
} from '../../../src/main/engine/hypernet/nearest-cards'

const means: CardMeans = {
  description: Float32Array.of(0, 0),
  queries: Float32Array.of(0.5, 0),
  documents: Float32Array.of(0.5, 0.5),
}
/** A description alone, at these degrees. */
const card = (degrees: number): CardVectors => ({
  ...means,
  description: Float32Array.of(Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)),
})
const cosine = (degrees: number) => Math.cos((degrees / 180) * Math.PI)
const PARTS = ['description', 'queries', 'documents'] as const
let trained: TrainedDirections
beforeAll(async () => {
  trained = await trainedDirections(
    [0, 10, 30, 60].map((at) => [card(at)]),
    means,
    PARTS,
  )
})

describe('cardNearness', () => {
  it('is the cosine of what is told of two cards, less the constant card', () => {
    const { cosines } = cardNearness(card(20), trained)
    ;[20, 10, 10, 40].forEach((degrees, i) => {
      expect(cosines[i]).toBeCloseTo(cosine(degrees), 6)
    })
    ;[10, 10, 20, 30].forEach((degrees, i) => {
      expect(trained.usual[i]).toBeCloseTo(cosine(degrees), 6)
    })
  })

  it('counts the trained cards that are as far from the others', () => {
    // 25 from the nearest: only the one at 60 (30 away) is as far; itself counted, 2 of 5.
    expect(cardNearness(card(-25), trained).p).toBeCloseTo(2 / 5)
    expect(cardNearness(card(200), trained).p).toBeCloseTo(1 / 5)
    expect(cardNearness(card(0), trained).p).toBe(1)
  })

  it('leaves a trained card out where it is asked about itself', () => {
    const { cosines, p } = cardNearness(card(60), trained, 3)
    expect(cosines[3]).toBe(Number.NEGATIVE_INFINITY)
    expect(p).toBeCloseTo(1 / 4)
  })

  it('counts a trained card by its nearest wording, and never its own wordings among the others', async () => {
    const said = await trainedDirections([[card(0), card(40)], [card(90)]], means, PARTS)
    expect([...said.cardOf]).toEqual([0, 0, 1])
    ;[90, 50, 50].forEach((degrees, i) => {
      expect(said.usual[i]).toBeCloseTo(cosine(degrees), 6)
    })
    const { cosines, p } = cardNearness(card(55), said)
    expect(cosines[0]).toBeCloseTo(cosine(15), 6)
    expect(p).toBe(1)
    expect(cardNearness(card(-70), said).p).toBeCloseTo(2 / 4)
  })

  it('looks at nothing that the network does not', async () => {
    const blind = await trainedDirections([[card(0)], [card(90)]], means, ['queries'])
    expect([...cardNearness(card(20), blind).cosines]).toEqual([0, 0])
  })
})
