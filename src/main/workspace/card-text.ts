import { type Document, isMap, LineCounter, parseDocument, stringify } from 'yaml'
import type { z } from 'zod'
import { HydraError } from '../../shared/errors'
import type { CardFormat } from '../../shared/schemas/authoring'
import { cardSchema, type TaskCard } from '../../shared/schemas/card'

/** Fields between two lines of dashes, then the description as Markdown. */
const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)(?:^|\r?\n)---[ \t]*(?:\r?\n([\s\S]*))?$/

/**
 * A card as a person writes it down: JSON, or YAML front matter with the description as the text below it.
 * @param where the file, for error texts, which name its line where they can
 */
export function parseCard(text: string, where?: string): TaskCard {
  const front = FRONT_MATTER.exec(text)
  // JSON is YAML: one reader finds the line of a field in both.
  const lines = new LineCounter()
  const document = parseDocument(front ? front[1] : text, { lineCounter: lines, prettyErrors: false })
  const first = front ? 2 : 1
  const at = (offset: number | undefined) =>
    where && `${where}:${offset === undefined ? 1 : lines.linePos(offset).line + first - 1}`
  const [fault] = document.errors
  if (fault) throw invalidCard(at(fault.pos[0]), fault.message)
  const fields: unknown = document.toJS()
  const body = front?.[2]?.trim() ?? ''
  if (!isRecord(fields)) throw invalidCard(at(undefined), 'something else than fields with values')
  if (body !== '' && 'description' in fields)
    throw invalidCard(
      at(offsetOf(document, ['description'])),
      'a description both as a field and as text below',
    )
  const parsed = cardSchema.safeParse(body === '' ? fields : { ...fields, description: body })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalidCard(at(offsetOf(document, issue.path)), issueWords(issue))
}

/** The same card again, in the other writing: `parseCard` reads both. */
export function formatCard(card: TaskCard, format: CardFormat): string {
  if (format === 'json') return `${JSON.stringify(card, null, 2)}\n`
  const { description, examples, ...fields } = card
  const front = stringify({ ...fields, ...(examples.length > 0 ? { examples } : {}) }, { lineWidth: 0 })
  return `---\n${front}---\n\n${description}\n`
}

/** @internal */
function issueWords(issue: Pick<z.core.$ZodIssue, 'path' | 'message'>): string {
  const field = issue.path.join('.')
  return field ? `${field}: ${issue.message}` : issue.message
}

/** Where the field that is named stands, or the nearest one around it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = length > 1 ? document.getIn(path.slice(0, length - 1), true) : document.contents
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => String(key) === path[length - 1])
      const range = (pair?.key as { range?: readonly number[] } | undefined)?.range
      if (range) return range[0]
    } else {
      const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined
      if (node?.range) return node.range[0]
    }
  }
  return undefined
}

function invalidCard(where: string | undefined, got: string): HydraError {
  return new HydraError('CARD_INVALID', {
    expected: 'a task card: id, name, description; possibly domain, queryType, examples, wordings',
    got,
    remedy: 'Correct the field.',
    command: 'hydra cards show ID',
    ...(where ? { where } : {}),
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
