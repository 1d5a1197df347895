import { count } from '../display/format'
import { type ChartOption, type ChartTokens, chartBase } from './chart-option'

interface Bin {
  readonly from: number
  /** Not in it. */
  readonly to: number
  readonly count: number
}

/** One bar a bin; the last one, which takes all that is longer, says so. */
export function histogramOption(input: {
  readonly bins: readonly Bin[]
  readonly unit: string
  /** Where a line stands: what is longer is cut. Null for none. */
  readonly limit: number | null
  readonly tokens: ChartTokens
}): ChartOption {
  const { bins, unit, limit, tokens } = input
  const base = chartBase(tokens)
  const place = limit === null ? -1 : bins.findIndex(({ from, to }) => limit >= from && limit < to)
  return {
    ...base.frame,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (params) => {
        const bin = bins[(Array.isArray(params) ? params[0] : params).dataIndex]
        return `${binWords(bin)} ${unit}: ${count(bin.count)}`
      },
    },
    grid: { left: 56, right: 16, top: 14, bottom: 40, containLabel: false },
    xAxis: {
      ...base.axis,
      type: 'category',
      data: bins.map(({ from }, at) => (at === bins.length - 1 ? `${count(from)} +` : count(from))),
      name: unit,
      nameLocation: 'middle',
      nameGap: 24,
      splitLine: { show: false },
    },
    yAxis: {
      ...base.axis,
      type: 'value',
      minInterval: 1,
      splitNumber: 4,
      axisLine: { show: false },
      axisLabel: { ...base.axis.axisLabel, formatter: (value: number) => count(value) },
    },
    series: [
      {
        type: 'bar',
        data: bins.map((bin) => bin.count),
        barCategoryGap: '8%',
        itemStyle: { color: tokens['color-accent'] },
        emphasis: { disabled: true },
        markLine:
          place < 0
            ? undefined
            : {
                silent: true,
                symbol: 'none',
                animation: false,
                data: [{ xAxis: place }],
                label: {
                  formatter: 'the encoder reads no further',
                  color: tokens['color-text-2'],
                  position: 'insideEndTop',
                },
                lineStyle: { type: [4, 4], width: 1, color: tokens['color-text-3'] },
              },
      },
    ],
  }
}

function binWords({ from, to }: Bin): string {
  return to - from === 1 ? count(from) : `${count(from)} to ${count(to - 1)}`
}

/** The chart in words. */
export function histogramSummary(
  title: string,
  unit: string,
  lengths: {
    readonly texts: number
    readonly median: number
    readonly p95: number
    readonly longest: number
  },
): string {
  const { texts, median, p95, longest } = lengths
  return `${title}: of ${count(texts)} texts half have at most ${count(median)} ${unit}, 95 % at most ${count(p95)}; the longest has ${count(longest)}.`
}
