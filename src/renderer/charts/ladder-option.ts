import type { Interval, VerdictRow } from '../../shared/schemas/verdict'
import { score } from '../display/format'
import { isLearned, niceCeil, rowTitle } from '../display/ladder'
import { rowToken } from '../display/row-color'
import { type ChartOption, type ChartTokens, chartBase } from './chart-option'

const LADDER_ROW_HEIGHT = 34

export function ladderHeight(rows: number): number {
  return rows * LADDER_ROW_HEIGHT + 44
}

/** Bounds of the score axis: from zero, unless everything lies high up. @internal */
export function ladderBounds(rows: readonly VerdictRow[], measure: string): { min: number; max: number } {
  return scoreBounds(rows.map((row) => row.mean[measure]).filter(Boolean))
}

export function scoreBounds(intervals: readonly Interval[]): { min: number; max: number } {
  const high = Math.max(0.05, ...intervals.map((interval) => interval.high))
  const low = Math.min(high, ...intervals.map((interval) => interval.low))
  const step = high > 0.5 ? 0.1 : 0.05
  return {
    min: low > 0.6 * high ? Math.max(0, niceCeil(low, step) - step) : 0,
    // A measure ends at 1, and so does its axis.
    max: high <= 1 ? Math.min(1, niceCeil(high * 1.02, step)) : niceCeil(high, step),
  }
}

/** One dot and 95 % interval per row, in the ladder's order. Rings are not learned, discs are; a dashed line is the best control. */
export function ladderOption(input: {
  readonly rows: readonly VerdictRow[]
  readonly measure: string
  readonly best: VerdictRow | null
  readonly tokens: ChartTokens
}): ChartOption {
  const { rows, measure, best, tokens } = input
  const base = chartBase(tokens)
  const shown = rows.filter((row) => row.mean[measure])
  const { min, max } = ladderBounds(shown, measure)
  return {
    ...base.frame,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (params) => {
        const row = shown[(Array.isArray(params) ? params[0] : params).dataIndex]
        const { value, low, high } = row.mean[measure]
        return `${rowTitle(row)}: ${score(value)}<br>95 % interval ${score(low)} to ${score(high)}`
      },
    },
    grid: { left: 112, right: 52, top: 4, bottom: 40, containLabel: false },
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
      data: shown.map(rowTitle),
      axisLine: { show: false },
      axisLabel: { ...base.axis.axisLabel, color: tokens['color-text'], fontSize: 13 },
    },
    series: [
      {
        type: 'custom',
        data: shown.map((row, index) => {
          const { value, low, high } = row.mean[measure]
          return [value, index, low, high]
        }),
        encode: { x: [0, 2, 3], y: 1 },
        renderItem: (params, api) => {
          const index = api.value(1) as number
          const row = shown[index]
          const color = tokens[rowToken(row.row)]
          const [x, y] = api.coord([api.value(0), index])
          const [low] = api.coord([api.value(2), index])
          const [high] = api.coord([api.value(3), index])
          const area = params.coordSys as unknown as { x: number; width: number }
          const right = area.x + area.width
          const line = { stroke: color, lineWidth: 2 }
          const edge = { stroke: tokens['row-edge'], lineWidth: 1, strokeOpacity: 0.45 }
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: {
                  x: Math.min(low, x) - 8,
                  y: y - LADDER_ROW_HEIGHT / 2,
                  width: high - low + 16,
                  height: LADDER_ROW_HEIGHT,
                },
                style: { fill: 'transparent' },
              },
              { type: 'line', shape: { x1: low, y1: y, x2: high, y2: y }, style: line },
              { type: 'line', shape: { x1: low, y1: y - 5, x2: low, y2: y + 5 }, style: line },
              { type: 'line', shape: { x1: high, y1: y - 5, x2: high, y2: y + 5 }, style: line },
              isLearned(row.row)
                ? { type: 'circle', shape: { cx: x, cy: y, r: 6 }, style: { fill: color, ...edge } }
                : {
                    type: 'circle',
                    shape: { cx: x, cy: y, r: 5 },
                    style: { fill: tokens['color-surface'], stroke: color, lineWidth: 3 },
                  },
              {
                type: 'text',
                style: {
                  text: score(api.value(0) as number),
                  // A column of its own: beside the interval it would meet the line of the best control.
                  x: right + 12,
                  y,
                  verticalAlign: 'middle',
                  fill: tokens['color-text'],
                  fontSize: 13,
                  fontWeight: row.row === 'task card' ? 600 : 400,
                },
              },
            ],
          }
        },
        markLine: best
          ? {
              silent: true,
              symbol: 'none',
              animation: false,
              // The default rounds to two decimals, which is off by a third of an interval here.
              precision: 6,
              data: [{ xAxis: best.mean[measure].value }],
              label: { show: false },
              lineStyle: { type: [4, 4], width: 1, color: tokens['color-text-3'] },
            }
          : undefined,
      },
    ],
  }
}

/** The ladder in words. */
export function ladderSummary(rows: readonly VerdictRow[], measure: string, best: VerdictRow | null): string {
  const parts = rows
    .filter((row) => row.mean[measure])
    .map((row) => {
      const { value, low, high } = row.mean[measure]
      return `${rowTitle(row)} ${score(value)} (${score(low)} to ${score(high)})`
    })
  const control = best ? ` The best control is ${rowTitle(best)}.` : ''
  return `${measure} with 95 % intervals: ${parts.join('; ')}.${control}`
}
