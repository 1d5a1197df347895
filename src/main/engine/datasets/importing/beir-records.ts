import { z } from 'zod'
import { decimalNumber } from '../../../../shared/decimal-number'
import { cardSchema } from '../../../../shared/schemas/card'
import { excludeSchema, protocolSchema } from '../../../../shared/schemas/dataset'
import type { SourceFile } from './dataset-layout'
import type { ImportFaults } from './import-faults'
import { lineError, shortLine } from './line-error'
import { readLines } from './read-lines'

/** Ids stand in tab-separated files in UTF-8, so neither tab, line end nor half a character may be in one. */
const idSchema = z
  .string()
  .min(1, 'an id is not empty')
  .regex(/^[^\t\r\n\p{Surrogate}]*$/u, 'no tab, no line end and no half of a character')

/** `corpus.jsonl`: an empty document is allowed (and counted), a missing text is not. */
export const documentSchema = z.object({ _id: idSchema, title: z.string().nullish(), text: z.string() })
/** `queries.jsonl` */
export const querySchema = z.object({
  _id: idSchema,
  text: z.string().refine((text) => text.trim() !== '', 'a query is not empty'),
})
/** `cards.jsonl`: a task card of the dataset, the documents that it stands for and what it is put together from. */
export const datasetCardSchema = z
  .strictObject({
    card: cardSchema,
    members: z.array(idSchema).optional(),
    /** Queries that are asked on the card: whose judgments are its own where the qrels do not say so themselves. */
    queries: z.array(idSchema).optional(),
    /** Id of an earlier card that stands for the same documents. */
    membersOf: z.string().optional(),
    factors: z
      .record(z.string().min(1), z.string().min(1))
      .refine((factors) => Object.keys(factors).length > 0, 'at least one factor, or none of it')
      .optional(),
  })
  .refine(({ members, membersOf }) => !members || membersOf === undefined, 'members or membersOf, not both')
/** `SOURCE.json`, all of it optional. A `dataset.json` of ours reads the same. */
export const aboutSchema = z.object({
  title: z.string().optional(),
  name: z.string().optional(),
  summary: z.string().optional(),
  note: z.string().optional(),
  licence: z.string().optional(),
  license: z.string().optional(),
  source: z.string().optional(),
  exclude: excludeSchema.optional(),
  protocol: protocolSchema.optional(),
})
export type About = z.infer<typeof aboutSchema>

export const QRELS_HEADER = 'query-id\tcorpus-id\tscore'
export const QRELS_HEADER_WITH_CARDS = `${QRELS_HEADER}\tcard-id`

export interface JudgmentLine {
  readonly query: string
  readonly document: string
  readonly grade: number
  /** null in a file without the fourth column. */
  readonly card: string | null
}

interface SourceRecord<T> {
  readonly value: T
  /** The line as it stands in the file. */
  readonly line: string
  readonly where: string
}

export interface RecordBatch<T> {
  readonly records: readonly SourceRecord<T>[]
  readonly bytes: number
}

/** A JSON lines file, each line checked; blank lines do not count. A fault ends it, or is kept in `faults` and left out. */
export async function* readJsonLines<Schema extends z.ZodType>(
  file: SourceFile,
  schema: Schema,
  signal?: AbortSignal,
  faults?: ImportFaults,
): AsyncGenerator<RecordBatch<z.infer<Schema>>> {
  for await (const { first, lines, bytes } of readLines(await file.open(), file.where, signal)) {
    const records: SourceRecord<z.infer<Schema>>[] = []
    for (let i = 0; i < lines.length; i++) {
      if (lines[i].trim() === '') continue
      const where = `${file.where}:${first + i}`
      const read = () => ({ value: parseJson(lines[i], schema, where), line: lines[i], where })
      const record = faults ? faults.attempt(read) : read()
      if (record) records.push(record)
    }
    yield { records, bytes }
  }
}

function parseJson<Schema extends z.ZodType>(line: string, schema: Schema, where: string): z.infer<Schema> {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch (cause) {
    throw lineError({ expected: 'one JSON object', got: shortLine(line), where }, cause)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  throw lineError({ expected: `${field}${issue.message}`, got: shortLine(line), where }, parsed.error)
}

/** A qrels file as an import writes it; null stands for a line without a judgment, so that places tell line numbers. */
export async function* readJudgments(
  file: SourceFile,
  signal?: AbortSignal,
): AsyncGenerator<{ first: number; judgments: readonly (JudgmentLine | null)[]; bytes: number }> {
  let columns: 0 | 3 | 4 = 0
  for await (const { first, lines, bytes } of readLines(await file.open(), file.where, signal)) {
    const judgments: (JudgmentLine | null)[] = []
    for (let i = 0; i < lines.length; i++) {
      if (columns === 0) {
        columns = columnsOf(lines[i], `${file.where}:${first}`)
        judgments.push(null)
        continue
      }
      const judgment = lines[i].trim() === '' ? null : parseJudgment(lines[i], columns)
      if (judgment === undefined) {
        throw lineError({
          expected: `${columns} fields separated by tabs, the third one a number`,
          got: shortLine(lines[i]),
          where: `${file.where}:${first + i}`,
        })
      }
      judgments.push(judgment)
    }
    yield { first, judgments, bytes }
  }
}

function columnsOf(header: string, where: string): 3 | 4 {
  if (header === QRELS_HEADER) return 3
  if (header === QRELS_HEADER_WITH_CARDS) return 4
  throw lineError({
    expected: 'the header query-id, corpus-id, score and possibly card-id, separated by tabs',
    got: shortLine(header),
    where,
  })
}

/** undefined where the line has another form. */
function parseJudgment(line: string, columns: 3 | 4): JudgmentLine | undefined {
  // By position and not by split: this runs for every judgment each time a collection is loaded.
  const first = line.indexOf('\t')
  const second = line.indexOf('\t', first + 1)
  const third = columns === 4 ? line.indexOf('\t', second + 1) : line.length
  if (first <= 0 || second <= first + 1 || third <= second + 1) return undefined
  const grade = decimalNumber(line.slice(second + 1, third))
  if (grade === null) return undefined
  const card = columns === 4 ? line.slice(third + 1) : null
  if (card !== null && (card === '' || card.includes('\t'))) return undefined
  return { query: line.slice(0, first), document: line.slice(first + 1, second), grade, card }
}
