import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareUtf8 } from '../../../src/main/engine/formats/compare-utf8'

it('orders as the bytes do', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))))
    }),
    {
      numRuns: 2000,
      examples: [
        ['😀', 'Ａ'],
        ['a', 'ab'],
        ['\uD7FF', '\uE000'],
        ['😀', '\uE000'],
      ],
    },
  )
})
