import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeBeside } from '../../../src/renderer/app/tour/place-beside'

const page = { width: 1280, height: 800 }
const card = { width: 320, height: 160 }

describe('the card of the tour', () => {
  it.each([
    ['right', { left: 100, top: 200, width: 300, height: 100 }, { left: 412, top: 200 }],
    ['left', { left: 900, top: 200, width: 300, height: 100 }, { left: 568, top: 200 }],
    ['below', { left: 40, top: 20, width: 1200, height: 100 }, { left: 40, top: 132 }],
    ['above', { left: 40, top: 600, width: 1200, height: 190 }, { left: 40, top: 428 }],
    [
      'in the corner, over what fills the page',
      { left: 0, top: 0, width: 1280, height: 800 },
      { left: 948, top: 628 },
    ],
    ['in the corner, of nothing', null, { left: 948, top: 628 }],
  ])('stands %s', (_, target, place) => {
    expect(placeBeside(target, card, page)).toEqual(place)
  })

  it('is always within the window', () => {
    const length = fc.integer({ min: 0, max: 1500 })
    fc.assert(
      fc.property(length, length, length, length, (left, top, width, height) => {
        const at = placeBeside({ left, top, width, height }, card, page)
        expect(at.left).toBeGreaterThanOrEqual(0)
        expect(at.top).toBeGreaterThanOrEqual(0)
        expect(at.left + card.width).toBeLessThanOrEqual(page.width)
        expect(at.top + card.height).toBeLessThanOrEqual(page.height)
      }),
    )
  })
})
