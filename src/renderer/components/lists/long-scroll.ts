/** Browsers draw no element much taller: a list that would be is scrolled through a shorter one. */
export const TALLEST = 8_000_000

export interface ScrollPlace {
  /** Of the element, px. */
  readonly top: number
  /** Of the list as it would be in full, px. */
  readonly offset: number
}

/**
 * Where a list stands after its element was scrolled. In one that fits the element both are the same. In a longer one small
 * moves (a wheel, a key) are what they say, row by row, and large ones (the bar that is dragged) go by proportion.
 * @param full height of all rows, px  @param view height of what is seen, px
 */
export function scrolledTo(
  before: ScrollPlace,
  top: number,
  { full, view }: { readonly full: number; readonly view: number },
): ScrollPlace {
  const last = Math.max(0, full - view)
  if (full <= TALLEST) return { top, offset: Math.min(top, last) }
  const bottom = TALLEST - view
  if (top <= 0) return { top, offset: 0 }
  if (top >= bottom) return { top, offset: last }
  const moved = top - before.top
  const isSmall = Math.abs(moved) <= 2 * view
  const offset = isSmall ? before.offset + moved : (top / bottom) * last
  return { top, offset: Math.min(Math.max(0, offset), last) }
}
