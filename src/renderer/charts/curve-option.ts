import type { LineSeriesOption } from 'echarts/charts'
import { count, score } from '../display/format'
import { rowToken } from '../display/row-color'
import { type ChartOption, type ChartTokens, chartBase } from './chart-option'

export interface Curve {
  readonly name: string
  readonly points: readonly (readonly [step: number, value: number])[]
}

/** Something that happened at a step of one of the lines. */
export interface CurveMark {
  readonly name: string
  readonly step: number
  readonly message: string
}

/**
 * Lines over training steps. Both axes are set by what is known from the start (the number of steps; zero and the next
 * round bound above the greatest value, which for a loss is its first), so that a growing line hardly moves its frame.
 */
export function curveOption(input: {
  readonly curves: readonly Curve[]
  readonly marks?: readonly CurveMark[]
  readonly steps: number
  readonly name: string
  /** The greatest value there can be: 1 for a measure. */
  readonly limit?: number
  readonly tokens: ChartTokens
}): ChartOption {
  const { tokens } = input
  const base = chartBase(tokens)
  const greatest = input.curves.reduce(
    (most, curve) => curve.points.reduce((high, [, value]) => Math.max(high, value), most),
    0,
  )
  const top = Math.min(axisTop(greatest), input.limit ?? Number.POSITIVE_INFINITY)
  const hasNegative = input.curves.some(({ points }) => points.some(([, value]) => value < 0))
  return {
    animation: base.animation,
    backgroundColor: base.backgroundColor,
    textStyle: base.textStyle,
    tooltip: {
      ...base.tooltip,
      trigger: 'axis',
      valueFormatter: (value) => (typeof value === 'number' ? score(value) : '–'),
    },
    grid: { left: 44, right: 16, top: 14, bottom: 40, containLabel: false },
    xAxis: {
      ...base.axis,
      type: 'value',
      min: 0,
      max: input.steps,
      name: 'step',
      nameLocation: 'middle',
      nameGap: 24,
      splitNumber: 4,
      axisLabel: { ...base.axis.axisLabel, formatter: (value: number) => count(value) },
      splitLine: { show: false },
    },
    yAxis: {
      ...base.axis,
      type: 'value',
      // Cosines may fall below zero: as much room below as above then.
      min: hasNegative ? -top : 0,
      max: top,
      interval: hasNegative ? top / 2 : top / 4,
      axisLine: { show: false },
      axisLabel: {
        ...base.axis.axisLabel,
        formatter: (value: number) => (top < 2 ? score(value, 2) : value.toFixed(1)),
      },
    },
    series: input.curves.map((curve) => ({
      type: 'line',
      name: curve.name,
      data: curve.points as [number, number][],
      showSymbol: curve.points.length < 3,
      symbolSize: 6,
      lineStyle: { width: 2, color: tokens[rowToken(curve.name)] },
      itemStyle: { color: tokens[rowToken(curve.name)] },
      emphasis: { disabled: true },
      ...markLines(curve, input.marks ?? [], tokens),
    })),
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

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
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
  marks: readonly CurveMark[] = [],
): string {
  const parts = curves
    .filter((curve) => curve.points.length)
    .map((curve) => {
      const [first, last] = [curve.points[0], curve.points[curve.points.length - 1]]
      return `${curve.name} from ${score(first[1])} at step ${first[0]} to ${score(last[1])} at step ${last[0]}`
    })
  const warned = marks.map(({ step, message }) => ` Warning at step ${step}: ${message}.`).join('')
  return (parts.length ? `${title}: ${parts.join('; ')}.` : `${title}: no values yet.`) + warned
}
