import { describe, expect, it } from 'vitest'
import { curveColumns, interleaved } from '../../../src/renderer/charts/curve-columns'
import { curveRows, curveSummary, pointAt } from '../../../src/renderer/charts/curve-option'
import { placeOf } from '../../../src/renderer/charts/difference-option'
import { smoothed } from '../../../src/renderer/charts/smoothed'
import { isNumeric, sweepAxis, sweepSummary } from '../../../src/renderer/charts/sweep-option'

describe('smoothing', () => {
  it('is TensorBoard’s: an exponential moving average with its start corrected', () => {
    // By hand for weight .5: 4; (.5·.5·4 + .5·2)/.75; …
    const [first, second, third] = smoothed([4, 2, 8], 0.5)
    expect(first).toBe(4)
    expect(second).toBeCloseTo((0.25 * 4 + 0.5 * 2) / 0.75, 12)
    expect(third).toBeCloseTo((0.125 * 4 + 0.25 * 2 + 0.5 * 8) / 0.875, 12)
  })

  it('leaves a level line level and, without weight, every line as it is', () => {
    expect([...smoothed([0.3, 0.3, 0.3], 0.99)].every((value) => Math.abs(value - 0.3) < 1e-12)).toBe(true)
    expect([...smoothed([1, 5, 2], 0)]).toEqual([1, 5, 2])
  })
})

describe('long curves', () => {
  const base64 = (column: Int32Array | Float32Array) => Buffer.from(column.buffer).toString('base64')
  const columns = curveColumns({
    system: 'task card',
    steps: 30,
    points: 2,
    thinned: false,
    step: base64(Int32Array.of(10, 20)),
    seconds: base64(Float32Array.of(0, 1.5)),
    value: base64(Float32Array.of(5, 4.5)),
  })

  it('travel as columns and are drawn as pairs', () => {
    expect([...columns.step]).toEqual([10, 20])
    expect([...columns.seconds]).toEqual([0, 1.5])
    const points = interleaved(columns.step, columns.value)
    expect(pointAt(points, 1)).toEqual([20, 4.5])
    expect(curveRows([{ name: 'x', points }])).toEqual([
      ['x', 10, 5],
      ['x', 20, 4.5],
    ])
  })

  it('are said in words without the raw line behind a smoothed one', () => {
    const points = interleaved(columns.seconds, columns.value)
    const curves = [
      { name: 'x', points, faint: true },
      { name: 'x', points },
    ]
    expect(curveSummary('Loss', curves, { over: 'seconds' })).toBe(
      'Loss: x from 5.000 at 0 s to 4.500 at 2 s.',
    )
  })
})

describe('a sweep', () => {
  it('has numbers where every run has one, else words', () => {
    expect(sweepAxis('rate', ['0.001', '1e-4']).values).toEqual([0.001, 0.0001])
    expect(isNumeric(sweepAxis('rate', ['0.001', '–']))).toBe(false)
    expect(isNumeric(sweepAxis('rate', ['', '1']))).toBe(false)
  })

  it('is said in words', () => {
    const runs = [
      { name: 'one', color: '' },
      { name: 'two', color: '' },
    ]
    const axes = [sweepAxis('holdOut', ['strict', 'loose']), { name: 'nDCG@10', values: [0.12345, 0.2] }]
    expect(sweepSummary(axes, runs)).toBe(
      '2 runs over 2 axes. one: holdOut strict, nDCG@10 0.1235; two: holdOut loose, nDCG@10 0.2.',
    )
  })
})

it('a bar of the profile is the query at its place', () => {
  expect([0, 1, 2].map((bar) => placeOf(bar, 3, 101))).toEqual([0, 50, 100])
  expect(placeOf(0, 1, 1)).toBe(0)
})
