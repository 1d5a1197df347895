/** A text as Python's str.strip leaves it, which BEIR and sentence-transformers call before a text is read. */
export function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text[start])) start++
  while (end > start && isSpace(text[end - 1])) end--
  return text.slice(start, end)
}

/** Python's str.isspace: other than `trim` it knows U+001C to U+001F and U+0085, and no byte order mark. */
function isSpace(letter: string): boolean {
  return /\p{White_Space}/u.test(letter) || (letter >= '\x1c' && letter <= '\x1f')
}
