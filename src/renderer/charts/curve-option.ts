import type { LineSeriesOption } from 'echarts/charts'
import { count, duration, score } from '../display/format'
import { rowToken } from '../display/row-color'
import { type ChartOption, type ChartTokens, chartBase, escaped } from './chart-option'

/** A few points, or as many as one likes: x and y in turn. @internal */
export type CurvePoints = readonly (readonly [x: number, value: number])[] | Float64Array

export interface Curve {
  readonly name: string
  readonly points: CurvePoints
  /** That of its row unless said. */
  readonly color?: string
  readonly dashed?: boolean
  /** The measured values behind a smoothed line: no line of their own to a reader of names. */
  readonly faint?: boolean
}

/** More points than this are thinned to what the pixels show, anew for each zoom. */
const THINNED_ABOVE = 2000

/** Something that happened at a step of one of the lines. */
export interface CurveMark {
  readonly name: string
  readonly step: number
  readonly message: string
}

/**
 * Lines over training steps or seconds. Unless one zooms, both axes are set by what is known from the start (the number of
 * steps; zero and the next round bound above the greatest value, which for a loss is its first), so that a growing line hardly
 * moves its frame.
 */
export function curveOption(input: {
  readonly curves: readonly Curve[]
  readonly marks?: readonly CurveMark[]
  /** Where the horizontal axis ends. */
  readonly end: number
  readonly over?: 'steps' | 'seconds'
  /** The greatest value there can be: 1 for a measure. */
  readonly limit?: number
  readonly log?: boolean
  /** The part shown, in per cent; absent: no zoom. */
  readonly zoom?: { readonly start: number; readonly end: number }
  readonly tokens: ChartTokens
}): ChartOption {
  const { tokens, zoom, over = 'steps' } = input
  const base = chartBase(tokens)
  const position = over === 'steps' ? count : duration
  return {
    ...base.frame,
    tooltip: {
      ...base.tooltip,
      trigger: 'axis',
      valueFormatter: (value) => (typeof value === 'number' ? score(value) : '–'),
    },
    grid: { left: 44, right: 16, top: 14, bottom: zoom ? 84 : 40, containLabel: false },
    xAxis: {
      ...base.axis,
      type: 'value',
      min: 0,
      max: input.end,
      name: over === 'steps' ? 'step' : 'time in training',
      nameLocation: 'middle',
      nameGap: 24,
      splitNumber: 4,
      axisLabel: { ...base.axis.axisLabel, formatter: (value: number) => position(value), hideOverlap: true },
      axisPointer: { label: { formatter: ({ value }) => position(Number(value)) } },
      splitLine: { show: false },
    },
    yAxis: zoom ? zoomedAxis(input.log ?? false, base) : framedAxis(input, base),
    dataZoom: zoom
      ? [
          { type: 'inside', ...zoom },
          {
            type: 'slider',
            ...zoom,
            height: 22,
            bottom: 8,
            showDataShadow: false,
            brushSelect: true,
            borderColor: tokens['color-line'],
            fillerColor: tokens['color-hover'],
            labelFormatter: (value: number) => position(value),
            textStyle: { color: tokens['color-text-2'], fontSize: 12 },
          },
        ]
      : undefined,
    series: input.curves.map((curve) => {
      const color = curve.color ?? tokens[rowToken(curve.name)]
      const length = curveLength(curve.points)
      return {
        type: 'line',
        name: curve.name,
        dimensions: ['x', 'value'],
        data: curve.points as [number, number][],
        showSymbol: length < 3,
        symbolSize: 6,
        sampling: length > THINNED_ABOVE ? 'lttb' : undefined,
        lineStyle: {
          width: curve.faint ? 1 : 2,
          opacity: curve.faint ? 0.3 : 1,
          type: curve.dashed ? 'dashed' : 'solid',
          color,
        },
        itemStyle: { color },
        tooltip: curve.faint ? { show: false } : undefined,
        silent: curve.faint,
        emphasis: { disabled: true },
        ...(curve.faint ? {} : markLines(curve, input.marks ?? [], tokens)),
      }
    }),
  }
}

/** What is in view decides: to see how small a difference is one zooms to it. */
function zoomedAxis(log: boolean, base: ReturnType<typeof chartBase>): ChartOption['yAxis'] {
  return {
    ...base.axis,
    type: log ? 'log' : 'value',
    scale: true,
    splitNumber: 4,
    axisLine: { show: false },
    axisLabel: { ...base.axis.axisLabel, formatter: (value: number) => figure(value), hideOverlap: true },
  }
}

function framedAxis(
  { curves, limit }: { readonly curves: readonly Curve[]; readonly limit?: number },
  base: ReturnType<typeof chartBase>,
): ChartOption['yAxis'] {
  let [least, greatest] = [0, 0]
  for (const { points } of curves)
    for (let i = 0; i < curveLength(points); i++) {
      const value = pointAt(points, i)[1]
      least = Math.min(least, value)
      greatest = Math.max(greatest, value)
    }
  const top = Math.min(axisTop(greatest), limit ?? Number.POSITIVE_INFINITY)
  return {
    ...base.axis,
    type: 'value',
    // Cosines may fall below zero: as much room below as above then.
    min: least < 0 ? -top : 0,
    max: top,
    interval: least < 0 ? top / 2 : top / 4,
    axisLine: { show: false },
    axisLabel: {
      ...base.axis.axisLabel,
      formatter: (value: number) => (top < 2 ? score(value, 2) : value.toFixed(1)),
    },
  }
}

/** A dashed line at each step where the curve's network was warned of. @internal */
export function markLines(
  curve: Curve,
  marks: readonly CurveMark[],
  tokens: ChartTokens,
): Pick<LineSeriesOption, 'markLine'> {
  const ours = marks.filter(({ name }) => name === curve.name)
  if (ours.length === 0) return {}
  return {
    markLine: {
      symbol: 'none',
      lineStyle: { color: tokens['color-warn'], type: 'dashed' as const, width: 1.5 },
      label: { formatter: '!', color: tokens['color-warn'], fontWeight: 700, distance: 2 },
      data: ours.map(({ step, message }) => ({
        xAxis: step,
        // ECharts takes what a formatter says for HTML.
        tooltip: { trigger: 'item' as const, formatter: () => escaped(message) },
      })),
    },
  }
}

/** As short as the value allows, whatever its size. */
function figure(value: number): string {
  const size = Math.abs(value)
  if (size >= 10) return count(value)
  return score(value, size >= 1 ? 1 : size >= 0.1 || size === 0 ? 2 : size >= 0.01 ? 3 : 4)
}

function curveLength(points: CurvePoints): number {
  return points instanceof Float64Array ? points.length / 2 : points.length
}

/** @internal */
export function pointAt(points: CurvePoints, at: number): readonly [x: number, value: number] {
  return points instanceof Float64Array ? [points[2 * at], points[2 * at + 1]] : points[at]
}

/** Four equal intervals of a round size that hold the value. @internal */
export function axisTop(value: number): number {
  const least = Math.max(value * 1.02, 0.04) / 4
  const unit = 10 ** Math.floor(Math.log10(least))
  const round = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((one) => one * unit >= least - 1e-12) ?? 10
  return 4 * round * unit
}

/** The chart in words, for those who do not see it. */
export function curveSummary(
  title: string,
  curves: readonly Curve[],
  { over = 'steps', marks = [] }: { over?: 'steps' | 'seconds'; marks?: readonly CurveMark[] } = {},
): string {
  const at = (x: number) => (over === 'steps' ? `step ${x}` : duration(x))
  const parts = curves
    .filter(({ points, faint }) => !faint && curveLength(points) > 0)
    .map(({ name, points }) => {
      const [first, last] = [pointAt(points, 0), pointAt(points, curveLength(points) - 1)]
      return `${name} from ${score(first[1])} at ${at(first[0])} to ${score(last[1])} at ${at(last[0])}`
    })
  const warned = marks.map(({ step, message }) => ` Warning at step ${step}: ${message}.`).join('')
  return (parts.length ? `${title}: ${parts.join('; ')}.` : `${title}: no values yet.`) + warned
}

/** Its points as rows of a table: name, x, value. */
export function curveRows(curves: readonly Curve[]): (string | number)[][] {
  return curves.flatMap(({ name, points }) =>
    Array.from({ length: curveLength(points) }, (_, i) => [name, ...pointAt(points, i)]),
  )
}
