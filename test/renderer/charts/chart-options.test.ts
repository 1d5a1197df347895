import { describe, expect, it } from 'vitest'
import type { ChartTokens } from '../../../src/renderer/charts/chart-option'
import { axisTop, curveSummary, markLines } from '../../../src/renderer/charts/curve-option'
import { svgWithBackground, toCsv } from '../../../src/renderer/charts/export-chart'
import { ladderBounds, ladderSummary } from '../../../src/renderer/charts/ladder-option'
import { madeRow } from '../../made-verdict'

const row = (name: string, value: number) =>
  madeRow({ row: name, mean: { m: { value, low: value - 0.02, high: value + 0.02 } } })

describe('charts', () => {
  it('choose a bound above the value in four round intervals', () => {
    for (const value of [0, 0.013, 0.156, 0.31, 1, 7.9, 9.99, 42]) {
      expect(axisTop(value)).toBeGreaterThan(value)
      expect(axisTop(value) / 4).toBeCloseTo(Number((axisTop(value) / 4).toPrecision(2)), 10)
    }
    expect(axisTop(8.2)).toBe(10)
  })

  it('mark a warning on the curve of its network, where it happened', () => {
    const curves = ['task card', 'no card'].map((name) => ({
      name,
      points: [
        [1, 5],
        [90, 2],
      ] as const,
    }))
    const marks = [{ name: 'no card', step: 40, message: 'a < b' }]
    const tokens = new Proxy({} as ChartTokens, { get: (_, name) => String(name) })
    const [card, none] = curves.map((curve) => markLines(curve, marks, tokens))
    expect(card.markLine).toBeUndefined()
    expect(none.markLine?.data).toMatchObject([{ xAxis: 40 }])
    const [{ tooltip }] = none.markLine!.data as { tooltip: { formatter(): string } }[]
    expect(tooltip.formatter()).toBe('a &lt; b')
    expect(curveSummary('Loss', curves, { marks })).toMatch(/Warning at step 40: a < b\.$/)
  })

  it('begin the score axis at zero unless all lies high', () => {
    expect(ladderBounds([row('frozen', 0.1), row('task card', 0.22)], 'm')).toMatchObject({
      min: 0,
      max: 0.25,
    })
    const { min, max } = ladderBounds([row('frozen', 0.65), row('task card', 0.8)], 'm')
    expect(min).toBeGreaterThan(0)
    expect(min).toBeLessThan(0.63)
    expect(max).toBeGreaterThan(0.82)
  })

  it('say their numbers in words', () => {
    const rows = [row('frozen', 0.1), row('task card', 0.22)]
    expect(ladderSummary(rows, 'm', rows[0])).toBe(
      'm with 95 % intervals: frozen .100 (.080 to .120); task card .220 (.200 to .240). The best control is frozen.',
    )
    expect(
      curveSummary('Loss', [
        {
          name: 'task card',
          points: [
            [10, 5],
            [20, 4.5],
          ],
        },
      ]),
    ).toBe('Loss: task card from 5.000 at step 10 to 4.500 at step 20.')
    expect(curveSummary('Loss', [])).toBe('Loss: no values yet.')
  })

  it('quote what a CSV must quote', () => {
    expect(toCsv(['a', 'b'], [['x, "y"', 0.1]])).toBe('a,b\r\n"x, ""y""",0.1\r\n')
  })

  it('put the page behind an exported SVG', () => {
    expect(svgWithBackground('<svg width="1"><g/></svg>', 'white')).toBe(
      '<svg width="1"><rect width="100%" height="100%" fill="white"/><g/></svg>',
    )
  })
})
