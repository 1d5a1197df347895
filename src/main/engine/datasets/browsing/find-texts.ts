import type { LineIndex } from './line-index'
import { scanLines } from './scan-lines'
import type { TextQuery } from './text-query'
import { lineId, parseTextRecord, type TextRecord } from './text-record'

export interface FoundText extends TextRecord {
  readonly row: number
}

/** Hits of one answer at most. */
const MOST_HITS = 50
/** Lines between two looks at the clock. */
const LINES_A_LOOK = 512

/**
 * Matches from row `from` on, until there are enough of them or the time is over: first hits come at once, and whoever asks
 * decides whether the search goes on. `next`: the row to go on from, null at the end.
 */
export async function findTexts(options: {
  readonly index: LineIndex
  readonly query: TextQuery
  readonly from: number
  readonly milliseconds: number
  readonly signal?: AbortSignal
}): Promise<{ hits: FoundText[]; next: number | null }> {
  const { index, query, from, milliseconds, signal } = options
  const until = performance.now() + milliseconds
  const hits: FoundText[] = []
  for await (const { first, lines } of scanLines(index, from, signal)) {
    for (const [place, line] of lines.entries()) {
      const row = first + place
      const isLate = place % LINES_A_LOOK === LINES_A_LOOK - 1 && performance.now() > until
      if (hits.length === MOST_HITS || isLate) return { hits, next: row }
      if (!query.mayMatch(line)) continue
      const record = parseTextRecord(line)
      if (query.matches(record)) hits.push({ row, ...record })
    }
    if (performance.now() > until && first + lines.length < index.lines)
      return { hits, next: first + lines.length }
  }
  return { hits, next: null }
}

/** The texts of these ids, those that are there; it ends with the last one of them. */
export async function textsById(
  index: LineIndex,
  ids: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Map<string, FoundText>> {
  const found = new Map<string, FoundText>()
  if (ids.size === 0) return found
  for await (const { first, lines } of scanLines(index, 0, signal)) {
    for (const [place, line] of lines.entries()) {
      const id = lineId(line)
      if (!ids.has(id)) continue
      found.set(id, { row: first + place, ...parseTextRecord(line) })
      if (found.size === ids.size) return found
    }
  }
  return found
}
