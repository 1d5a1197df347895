import type { TokenName } from './read-tokens'

const TOKENS: Record<string, TokenName> = {
  frozen: 'color-row-frozen',
  'card as text': 'color-row-card-as-text',
  'exemplar shift': 'color-row-exemplar-shift',
  BM25: 'color-row-bm25',
  'no card': 'color-row-no-card',
  'task card': 'color-row-task-card',
  'wrong card': 'color-row-wrong-card',
}

/** The token that colours a system: its row's, fused with BM25 or not; a row that later work adds takes the spare colour. */
export function rowToken(row: string): TokenName {
  return TOKENS[row] ?? 'color-row-other'
}

/** The same as a CSS value. */
export function rowColor(row: string): string {
  return `var(--${rowToken(row)})`
}
