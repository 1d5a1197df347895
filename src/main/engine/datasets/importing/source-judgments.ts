import { wholeGrade } from '../../formats/whole-grade'
import type { JudgmentLine } from './beir-records'
import type { SourceFile } from './dataset-layout'
import type { ImportFaults } from './import-faults'
import { lineError, shortLine } from './line-error'
import { readLines } from './read-lines'

/** Which field of a line is what. */
interface QrelsForm {
  readonly separator: RegExp
  /** Fields in a line. */
  readonly width: number
  readonly query: number
  readonly document: number
  readonly score: number
  /** null without a column of cards. */
  readonly card: number | null
}

type Role = 'query' | 'document' | 'score' | 'card'

/** What BEIR, MTEB, TREC, ir_datasets and MS MARCO call their columns; others are passed over. */
const NAMES: Readonly<Record<Role, RegExp>> = {
  query: /^(query|queries|topic)([-_ ]?id)?$|^qid$|^topic[-_ ]?no$/,
  document: /^(corpus|doc|document|passage)([-_ ]?id)?$|^(docno|pid|did)$/,
  score: /^(score|relevance|relevancy|rel|grade|label|judge?ment)$/,
  card: /^card([-_ ]?id)?$/,
}

const TAB = /\t/
/** ASCII white space alone separates, as in C. */
const SPACES = /[ \t\f\v]+/

/**
 * A qrels file as others write it: BEIR's header, its columns in any order and by their other names, no header at all
 * (query, document, grade, and possibly a card), or TREC's four fields. null stands for a line without a judgment, so that
 * places tell line numbers; a line with a fault is one, too. Grades are whole numbers.
 */
export async function* readSourceJudgments(
  file: SourceFile,
  faults: ImportFaults,
  signal?: AbortSignal,
): AsyncGenerator<{ first: number; judgments: readonly (JudgmentLine | null)[]; bytes: number }> {
  let form: QrelsForm | null = null
  for await (const { first, lines, bytes } of readLines(await file.open(), file.where, signal)) {
    const judgments: (JudgmentLine | null)[] = []
    for (let i = 0; i < lines.length; i++) {
      const where = `${file.where}:${first + i}`
      let line: string | null = lines[i].trim() === '' ? null : lines[i]
      if (line !== null && form === null) {
        const text = line
        const start = faults.attempt(() => startOf(text, where))
        // Without it no other line of the file can be read.
        if (!start) return
        form = start.form
        if (start.isHeader) line = null
      }
      const [known, text] = [form, line]
      const judgment = text === null || !known ? null : faults.attempt(() => parse(text, known, where))
      judgments.push(judgment ?? null)
    }
    yield { first, judgments, bytes }
  }
}

function startOf(line: string, where: string): { form: QrelsForm; isHeader: boolean } {
  const header = headerForm(line, where)
  return { form: header ?? bareForm(line, where), isHeader: header !== null }
}

function headerForm(line: string, where: string): QrelsForm | null {
  const separator = separatorOf(line)
  const names = fieldsOf(line, separator).map((name) =>
    name
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase(),
  )
  const places = (role: Role) => names.flatMap((name, place) => (NAMES[role].test(name) ? [place] : []))
  const [queries, documents, scores, cards] = (['query', 'document', 'score', 'card'] as const).map(places)
  if (queries.length === 0 || documents.length === 0) return null
  if (queries.length > 1 || documents.length > 1 || scores.length !== 1 || cards.length > 1)
    throw wrongStart(line, where)
  return {
    separator,
    width: names.length,
    query: queries[0],
    document: documents[0],
    score: scores[0],
    card: cards[0] ?? null,
  }
}

/** What the first line of a file without header is, by its fields. */
function bareForm(line: string, where: string): QrelsForm {
  const separator = separatorOf(line)
  const fields = fieldsOf(line, separator)
  const isGrade = (place: number) => wholeGrade(fields[place] ?? '') !== null
  const form = { separator, width: fields.length, query: 0 }
  if (fields.length === 4 && /^(0|q0)$/i.test(fields[1]) && isGrade(3))
    return { ...form, document: 2, score: 3, card: null }
  if (fields.length === 3 && isGrade(2)) return { ...form, document: 1, score: 2, card: null }
  if (fields.length === 4 && separator === TAB && isGrade(2))
    return { ...form, document: 1, score: 2, card: 3 }
  throw wrongStart(line, where)
}

function parse(line: string, form: QrelsForm, where: string): JudgmentLine {
  const fields = fieldsOf(line, form.separator)
  if (fields.length !== form.width) {
    const parted = form.separator === TAB ? 'tabs' : 'spaces'
    throw lineError({ expected: `${form.width} fields separated by ${parted}`, got: shortLine(line), where })
  }
  const grade = wholeGrade(fields[form.score])
  if (grade === null) {
    throw lineError({
      expected: 'a whole number in decimal digits as the grade',
      got: `${JSON.stringify(fields[form.score])} in ${shortLine(line)}`,
      where,
    })
  }
  const [query, document] = [fields[form.query], fields[form.document]]
  const card = form.card === null ? null : fields[form.card]
  if (query === '' || document === '' || card === '')
    throw lineError({ expected: 'ids that are not empty', got: shortLine(line), where })
  return { query, document, grade, card }
}

function separatorOf(line: string): RegExp {
  return line.includes('\t') ? TAB : SPACES
}

function fieldsOf(line: string, separator: RegExp): string[] {
  return (separator === SPACES ? line.trim() : line).split(separator)
}

function wrongStart(line: string, where: string) {
  return lineError({
    expected:
      'a header that names query-id, corpus-id and score once each, separated by tabs, or at once a line of query, document and grade, or of query, 0, document and grade',
    got: shortLine(line),
    where,
  })
}
