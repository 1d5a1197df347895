/** White space by anybody's count (C's, Python's, Unicode's) and control characters. */
const UNWRITABLE = /[\s\p{Cc}\p{Z}\u180e]/u
const ESCAPED = /[\s\p{Cc}\p{Z}\u180e%]/gu

/** Whether an id stands in a run file as it is. */
export function isRunField(id: string): boolean {
  return !UNWRITABLE.test(id)
}

/** Ids whose field would read like another id: of `two words` and `two%20words` no reader could tell which is which. */
export function mistakableIds(ids: readonly string[]): string[] {
  const escaped = ids.filter((id) => !isRunField(id))
  if (escaped.length === 0) return []
  const known = new Set(ids)
  return escaped.filter((id) => known.has(runField(id)))
}

/**
 * An id as a field of a TREC run file, whose six fields are parted by white space and have no quoting. An id with white space
 * or control characters has these and its `%` percent-encoded as in a URL, byte by byte (`two words` is `two%20words`); any
 * other id stays as it is, `%` included. The document id in this form is what trec_eval orders ties by.
 */
export function runField(id: string): string {
  if (isRunField(id)) return id
  return id.replace(ESCAPED, (sign) =>
    Array.from(Buffer.from(sign), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
}
