import fc from 'fast-check'
import { expect, it } from 'vitest'
import { foldCase } from '../../../src/main/engine/formats/fold-case'

it('folds each character by itself', () => {
  expect(foldCase('ΣΑΣ ΟΔΟΣ')).toBe('σασ οδοσ')
  expect(foldCase('σας')).toBe('σας')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(foldCase(text)).toBe(Array.from(text, (letter) => letter.toLowerCase()).join(''))
    }),
    { examples: [['ΑΣ'], ['ΑΣ.'], ['İΣ']] },
  )
})
