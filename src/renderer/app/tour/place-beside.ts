export interface Box {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Between a target, the card that speaks of it, and the window's edge, CSS pixels. */
const GAP = 12

/**
 * Where a card stands that speaks of `target`: right of it, left, below, above, whichever has room first; else in the lower
 * right corner of the window, over whatever is there.
 */
export function placeBeside(
  target: Box | null,
  card: Pick<Box, 'width' | 'height'>,
  page: Pick<Box, 'width' | 'height'>,
): { left: number; top: number } {
  const corner = { left: page.width - card.width - GAP, top: page.height - card.height - GAP }
  if (!target) return corner
  const within = (at: number, length: number, whole: number) =>
    Math.max(GAP, Math.min(at, whole - length - GAP))
  const top = within(target.top, card.height, page.height)
  const left = within(target.left, card.width, page.width)
  const choices = [
    { left: target.left + target.width + GAP, top },
    { left: target.left - card.width - GAP, top },
    { left, top: target.top + target.height + GAP },
    { left, top: target.top - card.height - GAP },
  ]
  const fits = (at: { left: number; top: number }) =>
    at.left >= GAP &&
    at.top >= GAP &&
    at.left + card.width + GAP <= page.width &&
    at.top + card.height + GAP <= page.height
  return choices.find(fits) ?? corner
}
