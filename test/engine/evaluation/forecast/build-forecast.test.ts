import { describe, expect, it } from 'vitest'
import {
  buildForecast,
  CLUSTERS_NEEDED,
  type ForecastRow,
  forecastCard,
} from '../../../../src/main/engine/evaluation/forecast/build-forecast'
import { FORECAST_FEATURES } from '../../../../src/main/engine/evaluation/forecast/forecast-features'
import { randomStream } from '../../../../src/main/engine/numeric/random'
import { crossForecasts, fitForecast } from '../../../../src/main/engine/statistics/conformal-forecast'
import { forecastSchema } from '../../../../src/shared/schemas/tables/forecast'
import { calibrationWords, forecastWords } from '../../../../src/shared/tables/forecast-words'

/** Two tables of as many tasks, whose lead follows the first feature. */
function madeRows(tasks: number, handedOut: (task: number) => boolean = () => false): ForecastRow[] {
  const random = randomStream(3, 'rows')
  return [0, 4].flatMap((examples) =>
    Array.from({ length: tasks }, (_, t) => {
      const features = FORECAST_FEATURES.map((_, f) => (f === 2 ? Math.log2(1 + examples) : random.normal()))
      const lead = 0.05 + 0.04 * features[0] + 0.01 * random.normal()
      const leads = new Map([
        ['task card', lead],
        ...(handedOut(t) ? [['handed out', lead / 2] as const] : []),
      ])
      return { task: `t${t}`, examples, cluster: t, features, leads }
    }),
  )
}

describe('what left-out tasks teach', () => {
  it('is what each would have been forecast by the other clusters, counted against what came', () => {
    const rows = madeRows(25)
    const forecast = buildForecast(rows)
    expect(forecastSchema.parse(forecast)).toMatchObject({ tasks: 25, clusters: 25, level: 0.9 })
    const targets = rows.map(({ leads }) => leads.get('task card')!)
    const expected = crossForecasts({
      features: rows.map(({ features }) => features),
      targets,
      groups: rows.map(({ cluster }) => cluster),
    })
    forecast.rows.forEach(({ leads }, i) => {
      const { plain: _, ...said } = expected[i]
      expect(leads['task card']).toEqual({ lead: targets[i], ...said })
    })
    const { n, held, error, plain } = forecast.calibration['task card']
    expect(n).toBe(50)
    expect(held).toBe(expected.filter(({ low, high }, i) => low <= targets[i] && targets[i] <= high).length)
    expect(error).toBeCloseTo(
      Math.sqrt(targets.reduce((sum, lead, i) => sum + (lead - expected[i].expected) ** 2, 0) / 50),
      12,
    )
    // The lead follows a feature, so forecasting by it misses far less than the mean does.
    expect(error).toBeLessThan(plain / 2)
    expect(calibrationWords(forecast, forecast.calibration['task card'])).toContain('tells something')
    expect(calibrationWords(forecast, { n, held, error: plain, plain })).toContain('next to nothing')
  })

  it('is nothing for too few clusters, however many tasks they have', () => {
    const rows = madeRows(60).map((row) => ({ ...row, cluster: row.cluster % (CLUSTERS_NEEDED - 1) }))
    expect(buildForecast(rows)).toMatchObject({
      tasks: 60,
      clusters: CLUSTERS_NEEDED - 1,
      rows: [],
      calibration: {},
    })
  })

  it('leaves out a row of the ladder that too few have', () => {
    const forecast = buildForecast(madeRows(25, (task) => task < 10))
    expect(Object.keys(forecast.calibration)).toEqual(['task card'])
    expect(Object.keys(buildForecast(madeRows(25, () => true)).calibration)).toEqual([
      'task card',
      'handed out',
    ])
  })
})

describe('the forecast of one card', () => {
  const rows = madeRows(25, () => true)
  const forecast = buildForecast(rows)
  const features = [1, 0, 0, 0, 0, 0]

  it('is learned from all that were left out, what is handed out first', () => {
    const card = forecastCard(forecast, { features, examples: 0 })
    expect(card.leads.map(({ row, got }) => [row, got])).toEqual([
      ['handed out', null],
      ['task card', null],
    ])
    const fitted = fitForecast({
      features: rows.map((one) => one.features),
      targets: rows.map(({ leads }) => leads.get('task card')!),
      groups: rows.map(({ cluster }) => cluster),
    })
    expect(card.leads[1]).toMatchObject(fitted(features))
    expect(forecastWords(card)).toMatch(
      /^Expected of the head that is handed out: \+\.\d+ .*from 25 left-out tasks\.$/,
    )
  })

  it('of one that was itself left out is that by other clusters, with what came', () => {
    const own = forecast.rows.find(({ task, examples }) => task === 't7' && examples === 4)!
    const card = forecastCard(forecast, { features, task: 't7', examples: 4 })
    const { lead, ...said } = own.leads['task card']
    expect(card.leads[1]).toMatchObject({ ...said, got: lead })
    expect(forecastWords(card)).toContain('It was left out itself')
  })

  it('says why there is none', () => {
    const few = forecastCard(buildForecast(madeRows(8)), { features, examples: 0 })
    expect(few).toMatchObject({ leads: [], none: 'few' })
    expect(forecastWords(few)).toBe(
      'No forecast: too few left-out tasks (8 clusters of them, 20 are needed).',
    )
  })
})
