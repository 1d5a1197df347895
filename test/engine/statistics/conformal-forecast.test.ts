import { describe, expect, it } from 'vitest'
import { randomStream } from '../../../src/main/engine/numeric/random'
import {
  crossForecasts,
  FORECAST_LEVEL,
  type ForecastRows,
  fitForecast,
} from '../../../src/main/engine/statistics/conformal-forecast'
import { fitRidge } from '../../../src/main/engine/statistics/ridge'
import golden from '../../fixtures/forecast.json'

describe('a forecast', () => {
  it.each(golden.cases)('is what numpy’s least squares and order statistics give: $name', (rows) => {
    const forecast = fitForecast(rows)
    for (const { features, forecast: expected } of rows.news) {
      const { expected: middle, low, high } = forecast(features)
      expect([middle, low, high]).toEqual(expected.map((value) => expect.closeTo(value, 9)))
    }
    const across = crossForecasts(rows).map(({ expected, low, high, plain }) => [expected, low, high, plain])
    expect(across).toEqual(rows.cross.map((row) => row.map((value) => expect.closeTo(value, 9))))
  })

  it('trusts features that tell, and little else', () => {
    const [tell, nothing] = golden.cases
    expect(tell.penalty).toBeLessThan(nothing.penalty)
  })

  it('holds about as many new rows as it says, groups that go together too', () => {
    const random = randomStream(5, 'forecast')
    let held = 0
    let all = 0
    for (let round = 0; round < 40; round++) {
      const groups = Array.from({ length: 60 }, (_, i) => Math.floor(i / 2))
      const ofGroup = groups.map(() => 0.05 * random.normal())
      const features = groups.map(() => [random.normal(), random.normal()])
      const targets = groups.map(
        (group, i) => 0.02 * features[i][0] + ofGroup[group] + 0.02 * random.normal(),
      )
      const rows: ForecastRows = { features, targets, groups }
      for (const [i, { low, high }] of crossForecasts(rows).entries()) {
        all++
        if (low <= targets[i] && targets[i] <= high) held++
      }
    }
    expect(Math.abs(held / all - FORECAST_LEVEL)).toBeLessThan(0.03)
  })

  it('forecasts a row by no row of its own group', () => {
    const features = Array.from({ length: 40 }, (_, i) => [i % 5])
    const targets = features.map(([value]) => 0.1 * value)
    const groups = targets.map((_, i) => i % 20)
    const [first] = crossForecasts({ features, targets, groups })
    // Row 20 is of row 0's group: what it says must not reach row 0.
    const changed = targets.map((value, i) => (i === 20 ? 1000 : value))
    expect(crossForecasts({ features, targets: changed, groups })[0]).toEqual(first)
    expect(crossForecasts({ features, targets: changed, groups })[1]).not.toEqual(first)
  })
})

it('ridge expects the mean of the middle row, whatever its penalty', () => {
  const rows = [
    [1, 10],
    [2, 30],
    [3, 20],
  ]
  for (const penalty of [0, 1, 1e6]) expect(fitRidge(rows, [1, 2, 6], penalty)([2, 20])).toBeCloseTo(3, 9)
  expect(fitRidge([[1], [2], [3]], [2, 4, 6], 0)([5])).toBeCloseTo(10, 9)
  expect(fitRidge([[1], [2], [3]], [2, 4, 6], 1e12)([5])).toBeCloseTo(4, 6)
})
