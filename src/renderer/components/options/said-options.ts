import type { OptionDescription } from '../../../shared/schemas/registry'

/** The entries with one of them replaced, or left to what is usual again (`undefined`). */
export function replaced<Value>(
  entries: Readonly<Record<string, Value>>,
  name: string,
  value: Value | undefined,
): Readonly<Record<string, Value>> {
  const { [name]: _, ...others } = entries
  return value === undefined ? others : { ...others, [name]: value }
}

/** What a person has typed into a field of text, as the option's value; `undefined` where it is none. */
export function readTyped({ type }: OptionDescription, text: string): unknown {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  if (text.trim() === '') return undefined
  switch (type) {
    case 'texts':
      return items
    case 'numbers':
      return items.every((item) => Number.isFinite(Number(item))) ? items.map(Number) : undefined
    case 'json':
      try {
        return JSON.parse(text)
      } catch {
        return undefined
      }
    default:
      return text.trim()
  }
}
