import { foldCase } from '../../formats/fold-case'
import type { TextRecord } from './text-record'

/** What a person looks for in texts. */
export interface TextQuery {
  /** Whether a line may hold a match, without reading it as JSON: no line that has one is passed over. */
  mayMatch(line: string): boolean
  /** Whether id, title or text say every part. */
  matches(record: TextRecord): boolean
}

/** Words in any order, each anywhere in a word; what stands in double quotes as it stands. Case does not matter. */
export function textQuery(words: string): TextQuery {
  const parts = [...words.matchAll(/"([^"]+)"|([^\s"]+)/g)].map(([, phrase, word]) =>
    foldCase(phrase ?? word),
  )
  return {
    mayMatch(line) {
      // What is escaped in JSON (quotes, line ends, perhaps letters) reads otherwise in the line than in the text.
      if (line.includes('\\')) return true
      const folded = foldCase(line)
      return parts.every((part) => folded.includes(part))
    },
    matches({ id, title, text }) {
      const folded = foldCase(`${id}\n${title}\n${text}`)
      return parts.every((part) => folded.includes(part))
    },
  }
}
