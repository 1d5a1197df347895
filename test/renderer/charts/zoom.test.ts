import { LineChart } from 'echarts/charts'
import { DataZoomComponent, GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { expect, it, vi } from 'vitest'
import type { ChartTokens } from '../../../src/renderer/charts/chart-option'
import { curveOption } from '../../../src/renderer/charts/curve-option'

use([LineChart, GridComponent, TooltipComponent, DataZoomComponent, SVGRenderer])

const POINTS = 500_000
const WIDTH = 800
const COLOR = 'rgb(1, 2, 3)'
const tokens = new Proxy({}, { get: () => 'rgb(0, 0, 0)' }) as ChartTokens

/** Points of the line as it is drawn. */
function drawn(points: Float64Array, zoom: { start: number; end: number }): number {
  // The one thing of a document that an option asks for: the name of a font.
  vi.stubGlobal('document', { documentElement: null })
  vi.stubGlobal('getComputedStyle', () => ({ getPropertyValue: () => 'sans-serif' }))
  const option = curveOption({ curves: [{ name: 'x', points, color: COLOR }], end: POINTS, zoom, tokens })
  vi.unstubAllGlobals()
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: 340 })
  chart.setOption(option)
  const svg = chart.renderToSVGString()
  chart.dispose()
  const line = svg.split('<path').find((path) => path.includes(`stroke="${COLOR}"`))
  const path = / d="([^"]*)"/.exec(line ?? '')?.[1] ?? ''
  return (path.match(/-?[\d.]+/g) ?? []).length / 2
}

it('half a million points are thinned to what the pixels show, and exact when one zooms to a hundred of them', () => {
  const points = new Float64Array(2 * POINTS)
  for (let i = 0; i < POINTS; i++) {
    points[2 * i] = i
    points[2 * i + 1] = 2 + Math.sin(i * 12.9898)
  }
  const whole = drawn(points, { start: 0, end: 100 })
  expect(whole).toBeGreaterThan(WIDTH / 2)
  expect(whole).toBeLessThanOrEqual(WIDTH)
  // From the middle over a hundred steps: both ends are in view.
  expect(drawn(points, { start: 50, end: 50 + (100 * 100) / POINTS })).toBe(101)
})
