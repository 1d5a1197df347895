import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/** What a person sees as one character: a cut goes between two of them, never through an emoji or before its accent. */
const graphemes = new Intl.Segmenter()

/** Columns that a terminal takes for a text: two for a wide character (CJK, emoji), none for a combining mark. */
export function textWidth(text: string): number {
  return stringWidth(text)
}

export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, columns - textWidth(text)))
  return align === 'left' ? text + space : space + text
}

/** Cuts to a width, with an ellipsis where something was cut. */
export function cut(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += textWidth(segment)
    // One column stays for the ellipsis.
    if (used >= columns) break
    kept += segment
  }
  return `${kept}…`
}

/** The same for a text of any form: on one line, with single spaces. */
export function truncate(text: string, columns: number): string {
  return cut(text.replace(/\s+/g, ' '), columns)
}

/** Breaks paragraphs at spaces. A word that is wider than a line stays whole: it may be a path to copy. */
export function wrap(text: string, columns: number): string[] {
  return wrapAnsi(text, columns).split('\n')
}
