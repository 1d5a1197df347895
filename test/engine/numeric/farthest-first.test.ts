import { describe, expect, it } from 'vitest'
import { farthestFirst } from '../../../src/main/engine/numeric/farthest-first'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'

/** Unit vectors at these degrees of the circle. */
const circle = (...degrees: number[]) =>
  createMatrix(
    degrees.length,
    2,
    Float32Array.from(
      degrees.flatMap((at) => [Math.cos((at / 180) * Math.PI), Math.sin((at / 180) * Math.PI)]),
    ),
  )

describe('farthestFirst', () => {
  it('takes the first, then what is farthest from all that was taken', () => {
    // From 0: 170 is farthest; then 90 (80 from 170, 90 from 0), then 45 (45 from both neighbours).
    expect(farthestFirst(circle(0, 10, 45, 90, 170), 4)).toEqual([0, 4, 3, 2])
  })

  it('keeps its distance from those that were there, and does not give them back', () => {
    expect(farthestFirst(circle(0, 10, 45, 90, 170), 2, 2)).toEqual([4, 3])
    expect(farthestFirst(circle(0, 10, 45), 9, 2)).toEqual([2])
  })

  it('takes the first of those equally far', () => {
    expect(farthestFirst(circle(0, 30, 90, 90), 2)).toEqual([0, 2])
    expect(farthestFirst(circle(), 3)).toEqual([])
  })
})
