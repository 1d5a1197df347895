import type { EChartsOption } from 'echarts'
import type {
  BarSeriesOption,
  CustomSeriesOption,
  HeatmapSeriesOption,
  LineSeriesOption,
  ParallelSeriesOption,
  ScatterSeriesOption,
} from 'echarts/charts'
import type {
  DataZoomComponentOption,
  GridComponentOption,
  MarkLineComponentOption,
  TooltipComponentOption,
  VisualMapComponentOption,
} from 'echarts/components'
import type { ComposeOption } from 'echarts/core'
import { readTextToken, type TokenName } from '../display/read-tokens'

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | CustomSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | ParallelSeriesOption
  | ScatterSeriesOption
  | DataZoomComponentOption
  | GridComponentOption
  | MarkLineComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
> &
  // ComposeOption takes the axes of a parallel chart for those of every chart.
  Pick<EChartsOption, 'parallel' | 'parallelAxis'>
export type ChartTokens = Readonly<Record<TokenName, string>>

/** What every chart shares, from the tokens: type, axes, grid lines, tooltip. */
export function chartBase(tokens: ChartTokens) {
  return {
    frame: {
      animation: false,
      backgroundColor: 'transparent',
      // ECharts writes the family into a double-quoted attribute without escaping: double quotes would break the SVG.
      textStyle: {
        fontFamily: readTextToken('font-text').replaceAll('"', "'"),
        fontSize: 12,
        color: tokens['color-text-2'],
      },
    },
    tooltip: {
      confine: true,
      backgroundColor: tokens['color-raised'],
      borderColor: tokens['color-line'],
      textStyle: { color: tokens['color-text'], fontSize: 12 },
      padding: [6, 10],
    } satisfies TooltipComponentOption,
    axis: {
      axisLabel: { color: tokens['color-text-2'], fontSize: 12 },
      axisLine: { lineStyle: { color: tokens['color-line-strong'] } },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: tokens['color-grid'] } },
      nameTextStyle: { color: tokens['color-text-2'], fontSize: 12 },
    },
  }
}

/** A name as text: ECharts takes what a tooltip's formatter says for markup. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
