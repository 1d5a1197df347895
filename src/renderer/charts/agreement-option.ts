import { score } from '../display/format'
import { type ChartOption, type ChartTokens, chartBase } from './chart-option'

/** How often two of several systems agree; null where they name no two documents both. */
export interface Agreement {
  readonly a: string
  readonly b: string
  readonly agreement: number | null
}

export const AGREEMENT_ROW = 44

/** A square for each pair of systems, from chance (.5) to always alike (1); the diagonal says nothing and stays empty. */
export function agreementOption(input: {
  readonly names: readonly string[]
  readonly pairs: readonly Agreement[]
  readonly tokens: ChartTokens
}): ChartOption {
  const { names, pairs, tokens } = input
  const base = chartBase(tokens)
  const cells = pairs.flatMap(({ a, b, agreement }) => {
    if (agreement === null) return []
    const [x, y] = [names.indexOf(a), names.indexOf(b)]
    return [
      [x, y, agreement],
      [y, x, agreement],
    ]
  })
  const axis = {
    ...base.axis,
    type: 'category' as const,
    data: [...names],
    axisLine: { show: false },
    splitLine: { show: false },
  }
  const label = { ...base.axis.axisLabel, width: 150, overflow: 'truncate' as const }
  return {
    ...base.frame,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (params) => {
        const [x, y, value] = (Array.isArray(params) ? params[0] : params).value as [number, number, number]
        return `${names[y]} and ${names[x]}: ${score(value)}`
      },
    },
    grid: { left: 160, right: 16, top: 4, bottom: 44, containLabel: false },
    xAxis: { ...axis, axisLabel: { ...label, width: 110, interval: 0 } },
    yAxis: { ...axis, inverse: true, axisLabel: { ...label, color: tokens['color-text'] } },
    visualMap: {
      show: false,
      min: 0.5,
      max: 1,
      inRange: { color: [tokens['color-canvas'], tokens['color-accent']] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map(([x, y, value]) => ({
          value: [x, y, value],
          // What stands on a dark square must be light, and the other way round.
          label: { color: value > 0.75 ? tokens['color-on-accent'] : tokens['color-text'] },
        })),
        label: { show: true, formatter: ({ value }) => score((value as number[])[2], 2) },
        itemStyle: { borderColor: tokens['color-line'], borderWidth: 1 },
        emphasis: { disabled: true },
      },
    ],
  }
}

/** The chart in words. */
export function agreementSummary(pairs: readonly Agreement[]): string {
  const words = pairs.map(
    ({ a, b, agreement }) =>
      `${a} and ${b} ${agreement === null ? 'share no two documents' : score(agreement)}`,
  )
  return `Share of document pairs ordered alike: ${words.join('; ')}.`
}
