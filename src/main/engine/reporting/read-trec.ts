import { decimalNumber } from '../../../shared/decimal-number'
import { HydraError } from '../../../shared/errors'
import { readLines } from '../datasets/importing/read-lines'
import { compareUtf8 } from '../formats/compare-utf8'

/** One query of a run file in trec_eval's order: score descending in float32, ties by the bytes of the document field descending. */
export interface ReadRanking {
  readonly documents: readonly string[]
  readonly scores: readonly number[]
}

/** Anybody's TREC run, `qid Q0 docid rank score tag`. */
export interface ReadRun {
  readonly rankings: ReadonlyMap<string, ReadRanking>
  /** The tag of the first line: what its maker calls it. */
  readonly tag: string
}

/** Grades by query and document. */
export type Qrels = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * Reads a run file. As in trec_eval the rank is not looked at: the score orders, as a float32. A document that a query has
 * twice is an error, and so is whatever is not six fields with a number in the fifth: each names its line.
 */
export async function readTrecRun(chunks: AsyncIterable<Buffer>, where: string): Promise<ReadRun> {
  const scores = new Map<string, Map<string, number>>()
  let tag = ''
  for await (const { fields, at } of fieldsOf(chunks, where)) {
    if (fields.length !== 6)
      throw wrongLine(
        at,
        'six fields: query Q0 document rank score tag',
        `${fields.length}: ${shorten(fields.join(' '))}`,
      )
    const [query, , document, , score, name] = fields
    const value = decimalNumber(score)
    // A float32 ends at 3.4e38; beyond it all scores would be one.
    if (value === null || !Number.isFinite(Math.fround(value)))
      throw wrongLine(
        at,
        'a decimal number of a float32’s range as the fifth field, the score',
        JSON.stringify(shorten(score)),
      )
    const ofQuery = scores.get(query) ?? new Map<string, number>()
    scores.set(query, ofQuery)
    if (ofQuery.has(document))
      throw wrongLine(at, 'each document once for a query', `${shorten(query)} ${shorten(document)} again`)
    ofQuery.set(document, Math.fround(value))
    tag ||= name
  }
  if (scores.size === 0) throw wrongLine(`${where}:1`, 'at least one line of six fields', 'an empty file')
  return { tag, rankings: new Map([...scores].map(([query, ofQuery]) => [query, inOrder(ofQuery)])) }
}

async function* fieldsOf(
  chunks: AsyncIterable<Buffer>,
  where: string,
): AsyncGenerator<{ fields: string[]; at: string }> {
  for await (const { first, lines } of readLines(chunks, where)) {
    for (let i = 0; i < lines.length; i++) {
      // ASCII white space alone separates, as in C: an id may hold a no-break space.
      const fields = lines[i].split(/[ \t\r\f\v]+/).filter((field) => field !== '')
      if (fields.length > 0) yield { fields, at: `${where}:${first + i}` }
    }
  }
}

function inOrder(scores: ReadonlyMap<string, number>): ReadRanking {
  const entries = [...scores].sort(([a, one], [b, other]) => other - one || compareUtf8(b, a))
  return { documents: entries.map(([document]) => document), scores: entries.map(([, score]) => score) }
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function wrongLine(where: string, expected: string, got: string): HydraError {
  return new HydraError('FILE_INVALID', {
    expected,
    got,
    where,
    remedy: 'Correct this line, or write the file anew.',
  })
}
