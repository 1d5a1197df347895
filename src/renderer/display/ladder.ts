import { CARD_GROUPS, type Cards, CONTROLS, SYSTEMS } from '../../shared/ladder'
import type { Verdict, VerdictRow } from '../../shared/schemas/verdict'

export type { Cards }

/** As they are named on screen. */
export const CARD_TITLES: Readonly<Record<Cards, string>> = {
  'unseen-combination': 'Unseen combinations',
  'unseen-category': 'Unseen categories',
  'unseen-relation': 'Unseen relations',
  unseen: 'Unseen',
  seen: 'Seen',
}

/** Which table of a verdict: tables of different cards or different k have different test queries and are never mixed. */
export interface TableChoice {
  readonly cards: Cards
  readonly examples: number
}

/** Rows made without training; the others are networks. */
const NOT_LEARNED: readonly string[] = ['frozen', 'card as text', 'exemplar shift', 'BM25']

export function isLearned(row: string): boolean {
  return !NOT_LEARNED.includes(row)
}

export function isControl(row: VerdictRow): boolean {
  return !row.bm25 && (CONTROLS as readonly string[]).includes(row.row)
}

export function rowTitle(row: Pick<VerdictRow, 'row' | 'bm25'>): string {
  return row.bm25 && row.row !== 'BM25' ? `${row.row} + BM25` : row.row
}

export function cardsOf(verdict: Verdict): Cards[] {
  return CARD_GROUPS.filter((cards) => verdict.rows.some((row) => row.cards === cards))
}

export function examplesOf(verdict: Verdict, cards: Cards): number[] {
  return [...new Set(verdict.rows.filter((row) => row.cards === cards).map((row) => row.examples))].sort(
    (a, b) => a - b,
  )
}

/** The rows of one table in the ladder's order, plain ones before those fused with BM25. */
export function ladderRows(verdict: Verdict, choice: TableChoice, fused = false): VerdictRow[] {
  const place = (row: VerdictRow) => {
    const at = (SYSTEMS as readonly string[]).indexOf(row.row)
    return (isFused(row) ? 100 : 0) + (at < 0 ? 50 : at)
  }
  return verdict.rows
    .filter(
      (row) => row.cards === choice.cards && row.examples === choice.examples && (fused || !isFused(row)),
    )
    .sort((a, b) => place(a) - place(b))
}

export function isFused(row: VerdictRow): boolean {
  return row.bm25 && row.row !== 'BM25'
}

export function bestControl(rows: readonly VerdictRow[], measure: string): VerdictRow | null {
  return rows
    .filter((row) => isControl(row) && row.mean[measure])
    .reduce<VerdictRow | null>(
      (best, row) => (!best || row.mean[measure].value > best.mean[measure].value ? row : best),
      null,
    )
}

export interface HeadlineTable {
  readonly choice: TableChoice
  readonly subject: VerdictRow
  readonly control: VerdictRow | null
}

/** The two or three figures a card on Home shows: unseen cards where there are any, each k on its own. */
export function headline(verdict: Verdict, measure: string): HeadlineTable[] {
  const cards = cardsOf(verdict)[0]
  if (!cards) return []
  return examplesOf(verdict, cards).flatMap((examples) => {
    const subject = headlineRow(verdict, { cards, examples })
    if (!subject?.mean[measure]) return []
    const rows = ladderRows(verdict, { cards, examples })
    const control = subject.row === 'task card' ? bestControl(rows, measure) : null
    return [{ choice: { cards, examples }, subject, control }]
  })
}

/** What a table is about: the task card's row; the frozen encoder's in a run that trained nothing. */
export function headlineRow(verdict: Verdict, choice: TableChoice): VerdictRow | null {
  const rows = ladderRows(verdict, choice)
  return (
    rows.find((row) => row.row === 'task card') ?? rows.find((row) => row.row === 'frozen') ?? rows[0] ?? null
  )
}

/** A bound that axes share: the next step of `step` above every value. */
export function niceCeil(value: number, step: number): number {
  return Math.ceil(value / step - 1e-9) * step
}
