import { figure, signed } from '../../../../shared/figure-words'
import type { ComparedPair } from '../../../../shared/schemas/comparison'
import type { Interval } from '../../../../shared/schemas/verdict'
import { escapeHtml } from './html-text'

const WIDTH = 760
const LABELS = 210
const RIGHT = 60
const LINE = 26

/** One line of a dot plot. */
export interface Dot {
  readonly label: string
  readonly interval: Interval
  /** The line that the eye should find. */
  readonly isMain: boolean
}

/** Means with their 95 % intervals on one scale, one line each. */
export function intervalChart(
  title: string,
  dots: readonly Dot[],
  format: (value: number) => string = figure,
): string {
  const values = dots.flatMap(({ interval }) => [interval.low, interval.high])
  const { low, high, ticks } = scale(Math.min(...values), Math.max(...values))
  const x = (value: number) => LABELS + ((value - low) / (high - low)) * (WIDTH - LABELS - RIGHT)
  const height = dots.length * LINE + 34
  const grid = ticks.map(
    (tick) =>
      `<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${x(tick).toFixed(1)}" x2="${x(tick).toFixed(1)}" y1="4" y2="${height - 26}"/><text class="tick" x="${x(tick).toFixed(1)}" y="${height - 8}" text-anchor="middle">${escapeHtml(format(tick))}</text>`,
  )
  const lines = dots.map(({ label, interval, isMain }, i) => {
    const y = i * LINE + 18
    const said = `${label}: ${format(interval.value)}, 95 % interval ${format(interval.low)} to ${format(interval.high)}`
    return [
      `<g class="${isMain ? 'main' : 'row'}"><title>${escapeHtml(said)}</title>`,
      `<text x="${LABELS - 12}" y="${y + 4}" text-anchor="end">${escapeHtml(cut(label))}</text>`,
      `<line class="interval" x1="${x(interval.low).toFixed(1)}" x2="${x(interval.high).toFixed(1)}" y1="${y}" y2="${y}"/>`,
      `<circle cx="${x(interval.value).toFixed(1)}" cy="${y}" r="4.5"/>`,
      `<text class="value" x="${WIDTH - RIGHT + 12}" y="${y + 4}">${escapeHtml(format(interval.value))}</text></g>`,
    ].join('')
  })
  return svg(title, height, [...grid, ...lines])
}

/** Queries won, level and lost as one bar a pair. */
export function winsChart(
  title: string,
  pairs: readonly (ComparedPair & { readonly label: string })[],
): string {
  const height = pairs.length * LINE + 30
  const span = WIDTH - LABELS - RIGHT
  const bars = pairs.map((pair, i) => {
    const total = pair.wins + pair.ties + pair.losses
    const y = i * LINE + 8
    let from = LABELS
    const parts = (['wins', 'ties', 'losses'] as const).map((kind) => {
      const width = (pair[kind] / total) * span
      const bar = `<rect class="${kind}" x="${from.toFixed(1)}" y="${y}" width="${Math.max(0, width - 1).toFixed(1)}" height="16"/>`
      const text =
        width > 26
          ? `<text class="on-${kind}" x="${(from + width / 2).toFixed(1)}" y="${y + 12}" text-anchor="middle">${pair[kind]}</text>`
          : ''
      from += width
      return bar + text
    })
    const said = `${pair.label}: won ${pair.wins}, level ${pair.ties}, lost ${pair.losses}`
    return `<g class="row"><title>${escapeHtml(said)}</title><text x="${LABELS - 12}" y="${y + 12}" text-anchor="end">${escapeHtml(cut(pair.label))}</text>${parts.join('')}<text class="value" x="${WIDTH - RIGHT + 12}" y="${y + 12}">${escapeHtml(signed(pair.delta))}</text></g>`
  })
  const key = `<text class="tick" x="${LABELS}" y="${height - 6}">won · level · lost, in queries; on the right the difference of the means</text>`
  return svg(title, height, [...bars, key])
}

function svg(title: string, height: number, parts: readonly string[]): string {
  return `<svg role="img" viewBox="0 0 ${WIDTH} ${height}" aria-label="${escapeHtml(title)}">${parts.join('\n')}</svg>`
}

function cut(label: string): string {
  return label.length > 27 ? `${label.slice(0, 26)}…` : label
}

/** Round ticks, four to eight, that enclose the values. */
function scale(from: number, to: number): { low: number; high: number; ticks: number[] } {
  const span = Math.max(to - from, 1e-3)
  const power = 10 ** Math.floor(Math.log10(span / 4))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 7)!
  const first = Math.floor(from / step)
  const last = Math.max(Math.ceil(to / step), first + 1)
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step)
  return { low: ticks[0], high: ticks[ticks.length - 1], ticks }
}
