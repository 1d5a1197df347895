import { expect, it } from 'vitest'
import { thinnedCurve } from '../../../src/main/engine/reporting/thinned-curve'

const curve = (values: readonly number[]) => ({
  length: values.length,
  step: Int32Array.from(values, (_, i) => 10 * i),
  seconds: Float32Array.from(values, (_, i) => i / 2),
  value: Float32Array.from(values),
})

it('a curve that is short enough stays as it is', () => {
  const short = curve([3, 2, 1, 2])
  expect(thinnedCurve(short, 4)).toBe(short)
})

it('of a long one first, last, and the least and greatest of each stretch stay, in the order of their steps', () => {
  //                             | stretch 1  | stretch 2  |
  const thinned = thinnedCurve(curve([5, 9, 1, 3, 4, 2, 7, 6]), 6)
  expect([...thinned.value]).toEqual([5, 9, 1, 2, 7, 6])
  expect([...thinned.step]).toEqual([0, 10, 20, 50, 60, 70])
  expect([...thinned.seconds]).toEqual([0, 0.5, 1, 2.5, 3, 3.5])
  expect(thinned.length).toBe(6)
})

it('no peak is lost, and no more is left than was asked for', () => {
  const values = Array.from({ length: 50_000 }, (_, i) => Math.sin(i * 12.9898))
  values[31_337] = 40
  values[17] = -40
  const { length, value, step } = thinnedCurve(curve(values), 400)
  expect(length).toBeLessThanOrEqual(400)
  expect([Math.max(...value), Math.min(...value)]).toEqual([40, -40])
  expect(step.every((at, i) => i === 0 || at > step[i - 1])).toBe(true)
})

it('a stretch without change leaves one point', () => {
  expect([...thinnedCurve(curve([1, 1, 1, 1, 1, 1, 1]), 4).step]).toEqual([0, 10, 60])
})
