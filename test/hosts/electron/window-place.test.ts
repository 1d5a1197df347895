import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  placeWindow,
  SMALLEST_WINDOW,
  windowPlaceSchema,
} from '../../../src/main/hosts/electron/window-place'

const screen = { x: 0, y: 25, width: 1600, height: 875 }
const second = { x: 1600, y: 0, width: 2560, height: 1400 }
const place = (x: number, y: number, width = 1200, height = 800) => ({
  x,
  y,
  width,
  height,
  maximised: false,
  fullScreen: false,
})

describe('where a window opens', () => {
  it('is where it was, on either screen', () => {
    expect(placeWindow(place(100, 50), [screen, second])).toEqual({ x: 100, y: 50, width: 1200, height: 800 })
    expect(placeWindow(place(2000, 50), [screen, second])).toMatchObject({ x: 2000, y: 50 })
  })

  it('is the usual place when its screen is gone, and no larger than the one that is left', () => {
    expect(placeWindow(place(2000, 50, 2400, 1300), [screen])).toEqual({ width: 1600, height: 875 })
    expect(placeWindow(null, [screen])).toEqual({ width: 1320, height: 875 })
    expect(placeWindow(place(100, 50), [])).toEqual({ width: 1200, height: 800 })
  })

  it('leaves the title bar within reach', () => {
    expect(placeWindow(place(100, -300), [screen])).toMatchObject({ y: 25 })
  })

  it('always shows enough of the window to take hold of it, and never less than its least size', () => {
    const side = fc.integer({ min: -5000, max: 5000 })
    const length = fc.integer({ min: 1, max: 6000 })
    fc.assert(
      fc.property(side, side, length, length, (x, y, width, height) => {
        const opened = placeWindow(place(x, y, width, height), [screen, second])
        expect(opened.width).toBeGreaterThanOrEqual(SMALLEST_WINDOW.width)
        expect(opened.height).toBeGreaterThanOrEqual(SMALLEST_WINDOW.height)
        if (opened.x === undefined || opened.y === undefined) return
        const seen = [screen, second].some(
          (area) =>
            Math.min(opened.x! + opened.width, area.x + area.width) - Math.max(opened.x!, area.x) >= 80 &&
            opened.y! >= area.y &&
            opened.y! < area.y + area.height,
        )
        expect(seen).toBe(true)
      }),
    )
  })

  it('is not read from what is no place', () => {
    expect(windowPlaceSchema.safeParse({ ...place(1, 2), width: 0 }).success).toBe(false)
  })
})
