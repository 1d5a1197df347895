import { decimalNumber } from '../../../shared/decimal-number'
import { type ErrorCode, HydraError } from '../../../shared/errors'
import { readLines } from '../datasets/importing/read-lines'
import { compareUtf8 } from '../formats/compare-utf8'
import { wholeGrade } from '../formats/whole-grade'

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

/**
 * Reads judgments: TREC's `qid 0 docid grade`, or BEIR's three tab-separated columns with their header. Grades are whole
 * numbers, as trec_eval has them; a pair judged twice is an error.
 */
export async function readQrels(chunks: AsyncIterable<Buffer>, where: string): Promise<Qrels> {
  const qrels = new Map<string, Map<string, number>>()
  let columns = 0
  for await (const { fields, at } of fieldsOf(chunks, where)) {
    if (columns === 0 && fields.join(' ') === 'query-id corpus-id score') {
      columns = 3
      continue
    }
    columns ||= 4
    if (fields.length !== columns)
      throw wrongLine(
        at,
        columns === 4 ? 'four fields: query 0 document grade' : 'three fields: query document grade',
        `${fields.length}: ${shorten(fields.join(' '))}`,
      )
    const [query, document, text] = columns === 4 ? [fields[0], fields[2], fields[3]] : fields
    const grade = wholeGrade(text)
    if (grade === null) throw wrongLine(at, 'a whole number as the grade', JSON.stringify(shorten(text)))
    const ofQuery = qrels.get(query) ?? new Map<string, number>()
    qrels.set(query, ofQuery)
    if (ofQuery.has(document))
      throw wrongLine(
        at,
        'each query and document once',
        `${shorten(query)} ${shorten(document)} again`,
        'QRELS_DUPLICATE',
      )
    ofQuery.set(document, grade)
  }
  if (qrels.size === 0) throw wrongLine(`${where}:1`, 'at least one judgment', 'an empty file')
  return qrels
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

function wrongLine(
  where: string,
  expected: string,
  got: string,
  code: ErrorCode = 'FILE_INVALID',
): HydraError {
  return new HydraError(code, { expected, got, where, remedy: 'Correct this line, or write the file anew.' })
}
