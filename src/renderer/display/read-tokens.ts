/** Okabe and Ito's palette, for runs. */
export const RUN_TOKENS = [
  'color-run-1',
  'color-run-2',
  'color-run-3',
  'color-run-4',
  'color-run-5',
  'color-run-6',
  'color-run-7',
  'color-run-8',
] as const

const NAMES = [
  'color-canvas',
  'color-surface',
  'color-raised',
  'color-sunken',
  'color-hover',
  'color-line',
  'color-line-medium',
  'color-line-strong',
  'color-grid',
  'color-text',
  'color-text-2',
  'color-text-3',
  'color-accent',
  'color-accent-strong',
  'color-on-accent',
  'color-focus',
  'color-good',
  'color-bad',
  'color-warn',
  'color-row-frozen',
  'color-row-card-as-text',
  'color-row-exemplar-shift',
  'color-row-bm25',
  'color-row-no-card',
  'color-row-task-card',
  'color-row-wrong-card',
  'color-row-other',
  ...RUN_TOKENS,
  'color-selected',
  'row-edge',
] as const
export type TokenName = (typeof NAMES)[number]

/**
 * The tokens as the document shows them now, as plain `rgb()` text: what Naive UI and ECharts can parse, whatever CSS function
 * a token is written with. A probe element resolves light-dark(), a 1 × 1 canvas any colour notation.
 */
export function readTokens(): Readonly<Record<TokenName, string>> {
  const probe = document.createElement('span')
  probe.hidden = true
  document.body.append(probe)
  const canvas = document.createElement('canvas')
  canvas.width = 1
  canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  const tokens = {} as Record<TokenName, string>
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = getComputedStyle(probe).color
    context.fillRect(0, 0, 1, 1)
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data
    tokens[name] = `rgb(${red}, ${green}, ${blue})`
  }
  probe.remove()
  return tokens
}

/** A text token (font stack), as written. */
export function readTextToken(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
}
