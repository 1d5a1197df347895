/** Texts by their place. An array is one; so are those of a large collection, which lie on disk. */
export interface TextList extends Iterable<string> {
  readonly length: number
  at(place: number): string | undefined
}

/** All texts in their order, in arrays of so many. */
export function* portionsOf(texts: Iterable<string>, size: number): Generator<string[]> {
  let portion: string[] = []
  for (const text of texts) {
    portion.push(text)
    if (portion.length < size) continue
    yield portion
    portion = []
  }
  if (portion.length > 0) yield portion
}
