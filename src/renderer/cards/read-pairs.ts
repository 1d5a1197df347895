import type { ExampleDraft } from './card-draft'

export interface ReadPairs {
  readonly pairs: readonly ExampleDraft[]
  /** Lines that are none, from 1, and why. */
  readonly faults: readonly { readonly line: number; readonly reason: string }[]
}

/** Pairs as they are pasted, one a line: query, tab, document; or JSON, an object with `query` and `document` or a list of the two. */
export function readPairs(text: string): ReadPairs {
  const pairs: ExampleDraft[] = []
  const faults: { line: number; reason: string }[] = []
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '') return
    const pair = /^\s*[[{]/.test(line) ? jsonPair(line) : tabPair(line)
    if (typeof pair === 'string') faults.push({ line: index + 1, reason: pair })
    else pairs.push(pair)
  })
  return { pairs, faults }
}

function tabPair(line: string): ExampleDraft | string {
  const parts = line.split('\t').map((part) => part.trim())
  if (parts.length !== 2)
    return parts.length === 1 ? 'no tab between query and document' : 'more than one tab'
  return checked({ query: parts[0], document: parts[1] })
}

function jsonPair(line: string): ExampleDraft | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'JSON that cannot be read'
  }
  const fields = Array.isArray(value) ? { query: value[0], document: value[1] } : (value as object)
  const { query, document, queryId, documentId } = fields as Record<string, unknown>
  if (typeof query !== 'string' || typeof document !== 'string') return 'no query and document in it'
  return checked({
    query: query.trim(),
    document: document.trim(),
    ...(typeof queryId === 'string' ? { queryId } : {}),
    ...(typeof documentId === 'string' ? { documentId } : {}),
  })
}

function checked(pair: ExampleDraft): ExampleDraft | string {
  if (pair.query === '') return 'no query'
  return pair.document === '' ? 'no document' : pair
}
