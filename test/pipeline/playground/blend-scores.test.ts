import { expect, it } from 'vitest'
import { blendScores } from '../../../src/main/pipeline/playground/blend-scores'

const frozen = Float32Array.of(0.5, 0.25)
const card = Float32Array.of(0.25, 0.75)
const other = Float32Array.of(0, 1)

it('ranks as frozen at α = 0 and as the head at α = 1', () => {
  expect([...blendScores(frozen, card, null, { alpha: 0, other: 0 })]).toEqual([...frozen])
  expect([...blendScores(frozen, card, null, { alpha: 1, other: 0 })]).toEqual([...card])
})

it('adds what the other card changes, or takes it away', () => {
  expect([...blendScores(frozen, card, other, { alpha: 0.5, other: 0.5 })]).toEqual([0.125, 0.875])
  expect([...blendScores(frozen, card, other, { alpha: 1, other: -1 })]).toEqual([0.75, 0])
})
