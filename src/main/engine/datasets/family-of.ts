import type { Collection } from './collection'

/** The family of a corpus; an ordinary collection is a family of one. A slash is in no id, so no family is called as one of these. */
export function familyOf({ id, family }: Pick<Collection, 'id' | 'family'>): string {
  return family ?? `/${id}`
}
