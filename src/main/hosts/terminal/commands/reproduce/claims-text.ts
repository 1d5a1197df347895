import { figure as measureText, signed } from '../../../../../shared/figure-words'
import type { ClaimState } from '../../../../../shared/schemas/runs/claims'
import { formatCount } from '../../format-number'

type Figure = ClaimState['figures'][number]

/** Whether all its runs are done. */
export function isMade({ runs, asked }: Pick<ClaimState, 'runs' | 'asked'>): boolean {
  return runs.length === asked
}

/** Every figure as it is written and as it came, claim by claim, and how many are what. */
export function claimsText(claims: readonly ClaimState[]): string {
  const figures = claims.flatMap((claim) => claim.figures)
  const count = (within: boolean) => formatCount(figures.filter((one) => one.within === within).length)
  const open = figures.filter(({ got }) => got === null).length
  const fresh = figures.filter(({ got, written }) => got !== null && written === null).length
  return [
    ...claims.flatMap((claim) => [`${claim.id}: ${claim.command}`, ...stateLines(claim), '']),
    `${formatCount(figures.length)} figures: ${count(true)} within their tolerance, ${count(false)} beyond it, ${formatCount(fresh)} not written yet, ${formatCount(open)} not made.`,
  ].join('\n')
}

function stateLines(claim: ClaimState): string[] {
  const { missing, runs, asked, figures } = claim
  if (missing.length > 0) return [`  skipped: no dataset ${missing.join(', ')} in this workspace`]
  if (!isMade(claim))
    return [`  not made: ${formatCount(runs.length)} of ${formatCount(asked)} runs are done`]
  return [`  runs: ${runs.join(', ')}`, ...figures.map(figureLine)]
}

function figureLine(figure: Figure): string {
  const { written, got, within, tolerance, unit } = figure
  const state = within === null ? (got ? 'new   ' : 'absent') : within ? 'within' : 'BEYOND'
  const came = got ? numbersText(figure, got) : 'nothing'
  const bound = within === null || Number.isInteger(got?.[0]) ? '' : ` (± ${measureText(tolerance)})`
  return `  ${state}  ${placeText(figure)}, ${unit}: expected ${written ?? 'nothing yet'}, got ${came}${bound}`
}

/** The first number, its interval, and what else there is, as documents write them. */
function numbersText({ read }: Figure, [value, ...rest]: readonly number[]): string {
  if (read.of === 'tasks' || read.of === 'queries') return [value, ...rest].map(formatCount).join(' / ')
  if (read.of === 'mean') return measureText(value)
  const [low, high, ...further] = rest
  const interval = high === undefined ? '' : ` [${signed(low)}, ${signed(high)}]`
  return [`${signed(value)}${interval}`, ...further.map(formatCount)].join(', ')
}

function placeText({ document, cell, read }: Figure): string {
  if (cell) return `${document}, ${[...cell.row, cell.column].filter(Boolean).join(' / ')}`
  const what = 'row' in read ? [read.row, ...('over' in read ? [`over ${read.over}`] : [])] : [read.of]
  const where = 'cards' in read ? [`${read.cards} cards`, `k = ${read.examples}`] : []
  return `${document}, ${[...what, ...where].join(', ')}`
}
