import type { Rectangle } from 'electron'
import { z } from 'zod'

/** Where a window stands when it is neither maximised nor on the whole screen, and whether it is. Device-independent pixels. */
export const windowPlaceSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximised: z.boolean(),
  fullScreen: z.boolean(),
})
export type WindowPlace = z.infer<typeof windowPlaceSchema>

export const SMALLEST_WINDOW = { width: 880, height: 560 }
const USUAL = { width: 1320, height: 880 }
/** As much of a window as one needs to see to take hold of it. */
const HANDLE = 80

/**
 * The size and place to open with. A screen that is gone takes no window with it: what would stand outside every work area
 * opens in the usual place (no x, no y), no larger than the first of them.
 */
export function placeWindow(
  kept: WindowPlace | null,
  workAreas: readonly Rectangle[],
): Partial<Pick<Rectangle, 'x' | 'y'>> & Pick<Rectangle, 'width' | 'height'> {
  const { x, y, ...wanted } = { x: 0, y: 0, ...USUAL, ...kept }
  const sizeIn = (room: Pick<Rectangle, 'width' | 'height'>) => ({
    width: Math.max(SMALLEST_WINDOW.width, Math.min(wanted.width, room.width)),
    height: Math.max(SMALLEST_WINDOW.height, Math.min(wanted.height, room.height)),
  })
  const area = kept && workAreas.find((one) => overlap(one, { x, y, ...sizeIn(one) }) >= HANDLE)
  // The title bar is at the top: it stays within reach.
  return area ? { x, y: Math.max(y, area.y), ...sizeIn(area) } : sizeIn(workAreas[0] ?? wanted)
}

/** What a window would be opened with again. */
export function placeOf(window: {
  getNormalBounds(): Rectangle
  isMaximized(): boolean
  isFullScreen(): boolean
}): WindowPlace {
  return { ...window.getNormalBounds(), maximised: window.isMaximized(), fullScreen: window.isFullScreen() }
}

/** The shorter side of what two rectangles share, 0 where they share nothing. */
function overlap(a: Rectangle, b: Rectangle): number {
  const side = (from: 'x' | 'y', length: 'width' | 'height') =>
    Math.min(a[from] + a[length], b[from] + b[length]) - Math.max(a[from], b[from])
  return Math.max(0, Math.min(side('x', 'width'), side('y', 'height')))
}
