import { score } from '../display/format'
import { type ChartOption, type ChartTokens, chartBase } from './chart-option'

/** A setting that differs between runs, or what came of it: numbers, or words that stand beside one another. */
export interface SweepAxis {
  readonly name: string
  /** One of each run. */
  readonly values: readonly (number | string)[]
}

export interface SweptRun {
  readonly name: string
  readonly color: string
}

/** An axis from what runs have written down: of numbers where every value is one. */
export function sweepAxis(name: string, texts: readonly string[]): SweepAxis {
  const numbers = texts.map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
  return { name, values: numbers.every(Number.isFinite) ? numbers : texts }
}

/** @internal */
export function isNumeric({ values }: SweepAxis): boolean {
  return values.every((value) => typeof value === 'number')
}

/** The words of an axis, each once, in the order of the runs. */
function categories({ values }: SweepAxis): string[] {
  return [...new Set(values.map(String))]
}

/** One line a run through all axes, the last of which is what came of them. */
export function parallelOption(input: {
  readonly axes: readonly SweepAxis[]
  readonly runs: readonly SweptRun[]
  readonly tokens: ChartTokens
}): ChartOption {
  const { axes, runs, tokens } = input
  const base = chartBase(tokens)
  return {
    ...base.frame,
    tooltip: { ...base.tooltip, trigger: 'item', formatter: '{a}' },
    parallel: { left: 64, right: 72, top: 36, bottom: 16 },
    parallelAxis: axes.map((axis, dim) => ({
      dim,
      name: axis.name,
      nameTextStyle: { ...base.axis.nameTextStyle },
      axisLine: base.axis.axisLine,
      axisTick: { show: false },
      ...(isNumeric(axis)
        ? {
            type: 'value' as const,
            scale: true,
            axisLabel: {
              ...base.axis.axisLabel,
              formatter: (value: number) => String(Number(value.toPrecision(4))),
            },
          }
        : {
            type: 'category' as const,
            data: categories(axis),
            axisLabel: { ...base.axis.axisLabel, width: 120, overflow: 'truncate' as const },
          }),
    })),
    series: runs.map(({ name, color }, run) => ({
      type: 'parallel',
      name,
      data: [axes.map(({ values }) => values[run])],
      lineStyle: { width: 2.5, color, opacity: 0.9 },
      itemStyle: { color },
      emphasis: { lineStyle: { width: 4 } },
    })),
  }
}

/** What came of the runs over one setting. */
export function sweepScatterOption(input: {
  readonly x: SweepAxis
  readonly y: SweepAxis
  readonly runs: readonly SweptRun[]
  readonly tokens: ChartTokens
}): ChartOption {
  const { x, y, runs, tokens } = input
  const base = chartBase(tokens)
  const common = { ...base.axis, name: x.name, nameLocation: 'middle' as const, nameGap: 26 }
  return {
    ...base.frame,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (params) => {
        const { seriesIndex = 0 } = Array.isArray(params) ? params[0] : params
        return `${runs[seriesIndex].name}<br>${x.name} ${x.values[seriesIndex]}, ${y.name} ${score(Number(y.values[seriesIndex]))}`
      },
    },
    grid: { left: 52, right: 20, top: 14, bottom: 44, containLabel: false },
    xAxis: isNumeric(x)
      ? { ...common, type: 'value', scale: true, splitLine: { show: false } }
      : { ...common, type: 'category', data: categories(x) },
    yAxis: {
      ...base.axis,
      type: 'value',
      scale: true,
      splitNumber: 4,
      axisLabel: { ...base.axis.axisLabel, formatter: (value: number) => score(value) },
    },
    series: runs.map(({ name, color }, run) => ({
      type: 'scatter',
      name,
      symbolSize: 12,
      data: [[x.values[run], y.values[run]]],
      itemStyle: { color, borderColor: tokens['row-edge'], borderWidth: 1 },
    })),
  }
}

export function sweepSummary(axes: readonly SweepAxis[], runs: readonly SweptRun[]): string {
  const parts = runs.map(
    ({ name }, run) =>
      `${name}: ${axes.map(({ name: axis, values }) => `${axis} ${typeof values[run] === 'number' ? Number((values[run] as number).toPrecision(4)) : values[run]}`).join(', ')}`,
  )
  return `${runs.length} runs over ${axes.length} axes. ${parts.join('; ')}.`
}
