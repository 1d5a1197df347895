import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ScrollPlace, scrolledTo, TALLEST } from '../../../../src/renderer/components/lists/long-scroll'

const START: ScrollPlace = { top: 0, offset: 0 }
const VIEW = 520

describe('a long list', () => {
  it('that fits its element stands where the element is scrolled to', () => {
    expect(scrolledTo(START, 1234, { full: 50_000, view: VIEW })).toEqual({ top: 1234, offset: 1234 })
    expect(scrolledTo(START, 99_999, { full: 50_000, view: VIEW }).offset).toBe(50_000 - VIEW)
    expect(scrolledTo(START, 10, { full: 100, view: VIEW }).offset).toBe(0)
  })

  const million = { full: 52_000_000, view: VIEW }
  it('that does not moves by what a wheel says, and by proportion where the bar is dragged', () => {
    const one = scrolledTo(START, 100, million)
    expect(one.offset).toBe(100)
    expect(scrolledTo(one, 200, million).offset).toBe(200)
    const half = scrolledTo(one, (TALLEST - VIEW) / 2, million)
    expect(half.offset).toBeCloseTo((million.full - VIEW) / 2, 3)
    expect(scrolledTo(half, half.top + 52, million).offset).toBeCloseTo(half.offset + 52, 3)
  })

  it('reaches both ends exactly, and never leaves the list', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: TALLEST + 500 }), { maxLength: 30 }), (tops) => {
        let place = START
        for (const top of tops) {
          place = scrolledTo(place, Math.min(Math.max(0, top), TALLEST - VIEW), million)
          expect(place.offset).toBeGreaterThanOrEqual(0)
          expect(place.offset).toBeLessThanOrEqual(million.full - VIEW)
        }
        expect(scrolledTo(place, TALLEST - VIEW, million).offset).toBe(million.full - VIEW)
        expect(scrolledTo(place, 0, million).offset).toBe(0)
      }),
    )
  })
})
