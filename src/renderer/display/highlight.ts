/** A stretch of a text, marked where it is a word of the query. */
export interface Stretch {
  readonly text: string
  readonly marked: boolean
}

/** Shorter words (of, the, a) say little and would mark half of a text. */
const SHORTEST = 3
const STOP_WORDS = new Set([
  'and',
  'are',
  'any',
  'but',
  'for',
  'from',
  'has',
  'into',
  'not',
  'one',
  'that',
  'the',
  'was',
  'with',
])

/** Words that share a stem by and large: what is left without the usual English endings. */
function stem(word: string): string {
  const bare = word.toLowerCase().replace(/(?:ings?|ed|es|s)$/u, '')
  return bare.length >= SHORTEST ? bare : word.toLowerCase()
}

/** Splits a text where it says a word of the query, so that no markup is made of either. */
export function highlight(text: string, query: string): Stretch[] {
  const stems = new Set(
    (query.match(/[\p{L}\p{N}]+/gu) ?? [])
      .filter((word) => word.length >= SHORTEST && !STOP_WORDS.has(word.toLowerCase()))
      .map(stem),
  )
  const out: Stretch[] = []
  let from = 0
  for (const match of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (!stems.has(stem(match[0]))) continue
    if (match.index > from) out.push({ text: text.slice(from, match.index), marked: false })
    from = match.index + match[0].length
    out.push({ text: match[0], marked: true })
  }
  if (from < text.length) out.push({ text: text.slice(from), marked: false })
  return out
}
