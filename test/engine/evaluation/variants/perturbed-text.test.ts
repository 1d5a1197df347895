import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shuffledWords, withTypos } from '../../../../src/main/engine/evaluation/variants/perturbed-text'
import { randomStream } from '../../../../src/main/engine/numeric/random'

const TEXT =
  'find the musical instrument most related to the query. musical instrument: a device that makes sound'

it('shuffles words and loses none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
      const shuffled = shuffledWords(TEXT, randomStream(seed, 'words'))
      expect(shuffled.split(' ').sort()).toEqual(TEXT.split(' ').sort())
    }),
    { numRuns: 50 },
  )
  expect(shuffledWords(TEXT, randomStream(1, 'words'))).toBe(shuffledWords(TEXT, randomStream(1, 'words')))
  expect(shuffledWords(TEXT, randomStream(1, 'words'))).not.toBe(
    shuffledWords(TEXT, randomStream(2, 'words')),
  )
})

it('misspells the share of longer words that is asked for, one at least, and leaves short ones alone', () => {
  const longer = TEXT.match(/\p{L}{4,}/gu)!.length
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1000 }), fc.constantFrom(0.1, 0.3, 1), (seed, share) => {
      const before = TEXT.split(' ')
      const after = withTypos(TEXT, share, randomStream(seed, 'typos')).split(' ')
      expect(after).toHaveLength(before.length)
      const changed = before.filter((word, i) => word !== after[i])
      for (const word of changed) expect(word.replace(/\P{L}/gu, '').length).toBeGreaterThanOrEqual(4)
      // Two equal neighbours that are swapped leave a word as it is.
      const most = Math.max(1, Math.round(share * longer))
      expect(changed.length).toBeLessThanOrEqual(most)
      expect(changed.length).toBeGreaterThanOrEqual(Math.floor(most / 2))
      for (const [i, word] of before.entries())
        expect(Math.abs(word.length - after[i].length)).toBeLessThanOrEqual(1)
    }),
    { numRuns: 100 },
  )
  expect(withTypos('to be or not', 1, randomStream(1, 'typos'))).toBe('to be or not')
  expect(withTypos('Wörter können länger sein', 1, randomStream(3, 'typos'))).not.toBe(
    'Wörter können länger sein',
  )
})
