import { strip } from '../formats/strip'

/** What is encoded and searched of a document: title and text joined by a space, trimmed. */
export function documentText({
  title,
  text,
}: {
  readonly title?: string | null
  readonly text: string
}): string {
  return strip(title ? `${title} ${text}` : text)
}
