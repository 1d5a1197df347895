import type { Interval } from '../../shared/schemas/verdict'
import { score } from '../display/format'
import { type ChartOption, type ChartTokens, chartBase } from './chart-option'
import { scoreBounds } from './ladder-option'

/** One run's value in each row; null where it has none. */
export interface LadderOfRun {
  readonly name: string
  readonly color: string
  readonly intervals: readonly (Interval | null)[]
}

const RUN_HEIGHT = 14
const ROW_GAP = 16

export function laddersHeight(rows: number, runs: number): number {
  return rows * (runs * RUN_HEIGHT + ROW_GAP) + 44
}

/** Several ladders on one axis: in each row a dot and an interval for every run, in the order of the runs. */
export function laddersOption(input: {
  readonly rows: readonly string[]
  readonly ladders: readonly LadderOfRun[]
  readonly measure: string
  readonly tokens: ChartTokens
}): ChartOption {
  const { rows, ladders, measure, tokens } = input
  const base = chartBase(tokens)
  const { min, max } = scoreBounds(
    ladders.flatMap(({ intervals }) => intervals.filter((one) => one !== null)),
  )
  return {
    ...base.frame,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (params) => {
        const { seriesIndex = 0, data } = Array.isArray(params) ? params[0] : params
        const [value, row, low, high] = data as number[]
        return `${ladders[seriesIndex].name}, ${rows[row]}: ${score(value)}<br>95 % interval ${score(low)} to ${score(high)}`
      },
    },
    grid: { left: 112, right: 20, top: 4, bottom: 40, containLabel: false },
    xAxis: {
      ...base.axis,
      type: 'value',
      min,
      max,
      name: measure,
      nameLocation: 'middle',
      nameGap: 24,
      axisLabel: { ...base.axis.axisLabel, formatter: (value: number) => score(value, 2) },
    },
    yAxis: {
      ...base.axis,
      type: 'category',
      inverse: true,
      data: [...rows],
      axisLine: { show: false },
      splitLine: { show: true, lineStyle: { color: tokens['color-grid'] } },
      axisLabel: { ...base.axis.axisLabel, color: tokens['color-text'], fontSize: 13 },
    },
    series: ladders.map(({ name, color, intervals }, place) => ({
      type: 'custom',
      name,
      data: intervals.flatMap((interval, row) =>
        interval ? [[interval.value, row, interval.low, interval.high]] : [],
      ),
      encode: { x: [0, 2, 3], y: 1 },
      renderItem: (_, api) => {
        const row = api.value(1) as number
        const [x, middle] = api.coord([api.value(0), row])
        const [low] = api.coord([api.value(2), row])
        const [high] = api.coord([api.value(3), row])
        const y = middle + (place - (ladders.length - 1) / 2) * RUN_HEIGHT
        const line = { stroke: color, lineWidth: 2 }
        return {
          type: 'group',
          children: [
            {
              type: 'rect',
              shape: {
                x: Math.min(low, x) - 8,
                y: y - RUN_HEIGHT / 2,
                width: high - low + 16,
                height: RUN_HEIGHT,
              },
              style: { fill: 'transparent' },
            },
            { type: 'line', shape: { x1: low, y1: y, x2: high, y2: y }, style: line },
            {
              type: 'circle',
              shape: { cx: x, cy: y, r: 4.5 },
              style: { fill: color, stroke: tokens['row-edge'], lineWidth: 1, strokeOpacity: 0.45 },
            },
          ],
        }
      },
    })),
  }
}

/** The ladders in words. */
export function laddersSummary(
  rows: readonly string[],
  ladders: readonly LadderOfRun[],
  measure: string,
): string {
  const parts = rows.map((row, at) => {
    const values = ladders
      .map(({ name, intervals }) => {
        const interval = intervals[at]
        return interval ? `${name} ${score(interval.value)}` : null
      })
      .filter(Boolean)
    return `${row}: ${values.join(', ')}`
  })
  return `${measure} of ${ladders.length} runs with 95 % intervals. ${parts.join('; ')}.`
}
