import type { DatasetStatistics, Lengths, TextRow, Texts, WholeText } from '../../src/shared/schemas/browsing'
import { DOCUMENTS } from './fixture-world'

/** Texts of a corpus as large as a test wants: the fixture's documents over and over. */
const FIXTURE_TEXTS = 1_000_000

function rowAt(row: number): TextRow {
  const { id, text } = DOCUMENTS[row % DOCUMENTS.length]
  const [title] = text.split(':', 1)
  return { row, id: `${id}-${row}`, title, text, characters: text.length }
}

export function fixtureTexts(from: number, most: number): Texts {
  const rows = Array.from({ length: Math.min(most, FIXTURE_TEXTS - from) }, (_, place) => rowAt(from + place))
  return { total: FIXTURE_TEXTS, rows }
}

export function fixtureText(id: string): WholeText {
  const { text, ...row } = rowAt(Number(id.split('-').at(-1)))
  return {
    row: row.row,
    id: row.id,
    title: row.title,
    text,
    words: text.split(' ').length,
    judgments: 1,
    judged: [{ split: 'test', card: 'c1', grade: 1, id: 'q-7', title: '', text: 'wedding' }],
  }
}

/** Finds in one look at the fixture's documents. */
export function fixtureSearch(text: string) {
  const hits = DOCUMENTS.flatMap((document, row) =>
    document.text.includes(text.toLowerCase()) ? [rowAt(row)] : [],
  )
  return { hits: hits.slice(0, 50), next: null, total: FIXTURE_TEXTS }
}

export function fixtureStatistics(id: string): DatasetStatistics {
  const lengths: Lengths = {
    texts: 20_000,
    empty: 3,
    mean: 14.2,
    median: 13,
    p95: 28,
    longest: 96,
    bins: Array.from({ length: 20 }, (_, bar) => ({
      from: 2 * bar,
      to: bar === 19 ? 97 : 2 * bar + 2,
      count: Math.round(2400 * Math.exp(-((bar - 6) ** 2) / 18)),
    })),
  }
  const of = { words: lengths, tokens: { ...lengths, texts: 1000 }, cut: 0.012 }
  return {
    version: 1,
    dataset: id,
    sha256: 'a'.repeat(64),
    encoder: 'all-MiniLM-L6-v2',
    maxTokens: 256,
    documents: of,
    queries: of,
  }
}
