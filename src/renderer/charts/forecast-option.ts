import { signed } from '../display/format'
import { type ChartOption, type ChartTokens, chartBase, escaped } from './chart-option'

/** One left-out card: what the others let expect of it, and what came. */
export interface ForecastPoint {
  readonly name: string
  readonly examples: number
  readonly expected: number
  readonly low: number
  readonly high: number
  readonly lead: number
}

/** What came (up) over what was expected (right), each with its interval; on the diagonal both are the same. */
export function forecastOption(input: {
  readonly points: readonly ForecastPoint[]
  readonly tokens: ChartTokens
}): ChartOption {
  const { points, tokens } = input
  const base = chartBase(tokens)
  const all = points.flatMap(({ expected, low, high, lead }) => [expected, low, high, lead])
  const [least, most] = [Math.floor(10 * Math.min(...all)) / 10, Math.ceil(10 * Math.max(...all)) / 10]
  const xs = points.map(({ expected }) => expected)
  const diagonal = [Math.min(...xs), Math.max(...xs)]
  const axis = {
    ...base.axis,
    type: 'value' as const,
    axisLabel: { ...base.axis.axisLabel, formatter: (value: number) => signed(value, 2) },
  }
  return {
    ...base.frame,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (params) => {
        const { dataIndex } = Array.isArray(params) ? params[0] : params
        const { name, examples, expected, low, high, lead } = points[dataIndex]
        return `${escaped(name)}, k = ${examples}<br>expected ${signed(expected)}, between ${signed(low)} and ${signed(high)}<br>came ${signed(lead)}`
      },
    },
    grid: { left: 56, right: 16, top: 32, bottom: 44, containLabel: false },
    xAxis: {
      ...axis,
      name: 'expected lead',
      nameLocation: 'middle',
      nameGap: 26,
      scale: true,
      splitLine: { show: false },
    },
    yAxis: { ...axis, min: least, max: most, axisLine: { show: false }, name: 'what came', nameGap: 12 },
    series: [
      {
        type: 'custom',
        data: points.map(({ expected, lead, low, high }) => [expected, lead, low, high]),
        encode: { x: 0, y: [1, 2, 3] },
        renderItem: (_, api) => {
          const [value, lead, low, high] = [0, 1, 2, 3].map((dimension) => Number(api.value(dimension)))
          const at = (y: number) => api.coord([value, y])
          const [x, y] = at(lead)
          const inside = low <= lead && lead <= high
          const color = inside ? tokens['color-good'] : tokens['color-bad']
          return {
            type: 'group',
            children: [
              {
                type: 'line',
                shape: { x1: x, y1: at(low)[1], x2: x, y2: at(high)[1] },
                style: { stroke: tokens['color-line-strong'], lineWidth: 1 },
              },
              // A square where it lies outside: colour alone tells not everybody.
              inside
                ? { type: 'circle', shape: { cx: x, cy: y, r: 4 }, style: { fill: color } }
                : {
                    type: 'rect',
                    shape: { x: x - 4, y: y - 4, width: 8, height: 8 },
                    style: { fill: color },
                  },
            ],
          }
        },
      },
      {
        type: 'line',
        data: diagonal.map((value) => [value, value]),
        symbol: 'none',
        silent: true,
        lineStyle: { color: tokens['color-text-2'], type: 'dashed', width: 1 },
      },
    ],
  }
}

/** The chart in words. */
export function forecastSummary(points: readonly ForecastPoint[]): string {
  const inside = points.filter(({ low, high, lead }) => low <= lead && lead <= high).length
  const expected = points.map((point) => point.expected)
  const came = points.map(({ lead }) => lead)
  return `${points.length} leads of left-out cards: expected between ${signed(Math.min(...expected))} and ${signed(Math.max(...expected))}, came between ${signed(Math.min(...came))} and ${signed(Math.max(...came))}; ${inside} in their interval.`
}
