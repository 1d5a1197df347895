import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chooseWeights } from '../../../src/main/engine/retrieval/choose-weights'
import { sumOf } from '../../../src/main/engine/retrieval/fusion'
import { descendingIdOrder } from '../../../src/main/engine/retrieval/top-k'

interface Golden {
  choices: {
    queries: { rows: number[][]; grades: [number, number][]; ideal: number[] }[]
    value: number
    weights: number[]
  }[]
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../fixtures/fusion.json', import.meta.url), 'utf8'),
)

describe('weights chosen on dev', () => {
  const order = (size: number) => descendingIdOrder(Array.from({ length: size }, (_, i) => String(1000 + i)))

  it.each(golden.choices.map((one) => [one.weights, one] as const))('are %j, as numpy has them', (_, one) => {
    const choice = chooseWeights({ systems: one.weights.length, tieOrder: order(40) })
    for (const { rows, grades, ideal } of one.queries) {
      choice.add({ fused: sumOf(rows.map((row) => Float32Array.from(row))), grades: new Map(grades), ideal })
    }
    const best = choice.best()
    expect(best.value).toBeCloseTo(one.value, 6)
    expect(best.queries).toBe(one.queries.length)
    best.weights.forEach((weight, i) => {
      expect(weight).toBeCloseTo(one.weights[i], 9)
    })
  })

  const query = (good: number, bad: number) => ({
    fused: sumOf([Float32Array.of(good, 0), Float32Array.of(0, bad)]),
    grades: new Map([[0, 1]]),
    ideal: [1],
  })

  it('drop a system that only harms', () => {
    const choice = chooseWeights({ systems: 2, tieOrder: order(2) })
    choice.add(query(1, 100))
    expect(choice.best()).toEqual({ weights: [1, 0], value: 1, queries: 1 })
    const reversed = chooseWeights({ systems: 2, tieOrder: order(2) })
    reversed.add({ ...query(1, 100), fused: sumOf([Float32Array.of(0, 100), Float32Array.of(1, 0)]) })
    // The first whose sum of scores puts document 0 on top: nothing is left for the harmful one.
    expect(reversed.best().weights).toEqual([0, 1])
  })

  it('stay with the first system where nothing is gained, or nothing is known', () => {
    const choice = chooseWeights({ systems: 3, tieOrder: order(2) })
    expect(choice.best()).toEqual({ weights: [1, 0, 0], value: 0, queries: 0 })
    const same = Float32Array.of(1, 0)
    choice.add({ fused: sumOf([same, same, same]), grades: new Map([[0, 1]]), ideal: [1] })
    expect(choice.best().weights).toEqual([1, 0, 0])
    expect(choice.tried()).toHaveLength(66)
  })

  it('never find an excluded document', () => {
    const choice = chooseWeights({ systems: 2, tieOrder: order(2) })
    const { fused, ideal } = query(1, 1)
    choice.add({ fused, ideal, grades: new Map([[1, 1]]), excluded: [0, -1] })
    expect(choice.best()).toMatchObject({ value: 1 })
    choice.add({ fused, ideal, grades: new Map([[0, 1]]), excluded: [0] })
    expect(choice.best()).toMatchObject({ value: 0.5 })
  })
})
