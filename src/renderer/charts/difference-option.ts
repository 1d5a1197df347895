import { count, score, signed } from '../display/format'
import { type ChartOption, type ChartTokens, chartBase } from './chart-option'

/**
 * Differences a − b of all queries in their order, as bars from zero: how many are won and lost, and by how much. Of more queries
 * than `profile` has values it holds as many at equal distances.
 */
export function differenceOption(input: {
  readonly profile: readonly number[]
  /** Queries in all. */
  readonly n: number
  /** Place of the one that is looked at. */
  readonly chosen: number | null
  readonly tokens: ChartTokens
}): ChartOption {
  const { profile, n, chosen, tokens } = input
  const base = chartBase(tokens)
  const last = Math.max(1, profile.length - 1)
  const most = Math.max(0.05, ...profile.map(Math.abs))
  const mark = chosen === null || n < 2 ? null : Math.round((chosen * last) / (n - 1))
  return {
    ...base.frame,
    tooltip: {
      ...base.tooltip,
      trigger: 'axis',
      axisPointer: { type: 'line' },
      formatter: (params) => {
        const { dataIndex } = Array.isArray(params) ? params[0] : params
        return `Query ${count(placeOf(dataIndex, profile.length, n) + 1)} of ${count(n)}: ${signed(profile[dataIndex])}`
      },
    },
    grid: { left: 44, right: 8, top: 8, bottom: 8, containLabel: false },
    xAxis: { type: 'category', show: false, data: profile.map((_, at) => at), boundaryGap: true },
    yAxis: {
      ...base.axis,
      type: 'value',
      min: -most,
      max: most,
      interval: most,
      axisLine: { show: false },
      axisLabel: { ...base.axis.axisLabel, formatter: (value: number) => score(value, 2) },
    },
    series: [
      {
        type: 'custom',
        data: profile.map((value, at) => [at, value]),
        renderItem: (_, api) => {
          const [x, y] = api.coord([api.value(0), api.value(1)])
          const [, zero] = api.coord([api.value(0), 0])
          const [width] = api.size!([1, 0]) as number[]
          const value = api.value(1) as number
          const whole = { x: x - width / 2, width: Math.max(width, 1) }
          const area = api.coord([0, most])[1]
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: { ...whole, y: area, height: 2 * (zero - area) },
                style: { fill: api.value(0) === mark ? tokens['color-selected'] : 'transparent' },
              },
              {
                type: 'rect',
                shape: { ...whole, y: Math.min(y, zero), height: Math.abs(y - zero) },
                style: { fill: value < 0 ? tokens['color-bad'] : tokens['color-good'] },
              },
            ],
          }
        },
      },
    ],
  }
}

/** Which query a bar is, where bars are fewer than queries. */
export function placeOf(bar: number, bars: number, n: number): number {
  return bars < 2 ? 0 : Math.round((bar * (n - 1)) / (bars - 1))
}
