import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { alignTable } from '../../../src/main/hosts/terminal/align-table'
import { cut, pad, textWidth, truncate, wrap } from '../../../src/main/hosts/terminal/fit-text'

const FAMILY = '👩‍👩‍👧'
/** e with its accent as a character of its own. */
const ACUTE = 'e\u0301'

describe('the width of a text', () => {
  it.each([
    ['wedding', 7],
    ['結婚式', 6],
    ['한국어', 6],
    ['한국어'.normalize('NFD'), 6],
    [`caf${ACUTE}`, 4],
    [FAMILY, 2],
    ['🇯🇵', 2],
    ['Ａ', 2],
    ['↑12 − … “”', 10],
  ])('of %j is %i columns', (text, columns) => {
    expect(textWidth(text)).toBe(columns)
  })
})

describe('a text that is fitted', () => {
  it('is padded to columns, on either side', () => {
    expect(pad('結婚', 6)).toBe('結婚  ')
    expect(pad(`caf${ACUTE}`, 6, 'right')).toBe(`  caf${ACUTE}`)
    expect(pad('結婚式', 4)).toBe('結婚式')
  })

  it.each([
    ['a wedding', 9, 'a wedding'],
    ['a wedding', 8, 'a weddi…'],
    ['結婚式', 6, '結婚式'],
    ['結婚式', 5, '結婚…'],
    // Half a character is none.
    ['結婚式', 4, '結…'],
    [`${FAMILY}${FAMILY}`, 3, `${FAMILY}…`],
    [`caf${ACUTE}s`, 4, 'caf…'],
    [`caf${ACUTE}${ACUTE}${ACUTE}`, 5, `caf${ACUTE}…`],
    ['anything', 0, '…'],
  ])('%j in %i columns is %j', (text, columns, expected) => {
    expect(cut(text, columns)).toBe(expected)
  })

  it('stands on one line where it is truncated', () => {
    expect(truncate('one\n  two\tthree', 20)).toBe('one two three')
    expect(truncate('結婚\n式', 5)).toBe('結婚…')
  })

  it('breaks at spaces by what is seen', () => {
    expect(wrap('結婚式 wedding 結婚', 10)).toEqual(['結婚式', 'wedding', '結婚'])
    expect(wrap(`${FAMILY} ${FAMILY} ${FAMILY}`, 5)).toEqual([`${FAMILY} ${FAMILY}`, FAMILY])
    expect(wrap('one two\nthree', 7)).toEqual(['one two', 'three'])
  })

  it('keeps a word that is wider than the line whole, as a path wants it', () => {
    expect(wrap('see /a/very/long/path here', 8)).toEqual(['see', '/a/very/long/path', 'here'])
  })

  it('is never wider than it may be, and loses nothing where it fits', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 40 })
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 50 }), (text, columns) => {
        const fitted = cut(text, columns)
        expect(stringWidth(fitted)).toBeLessThanOrEqual(columns)
        if (stringWidth(text) <= columns) expect(fitted).toBe(text)
        else expect(text.startsWith(fitted.slice(0, -1))).toBe(true)
      }),
    )
  })
})

describe('alignTable', () => {
  it('lines up columns behind wide characters and combining marks', () => {
    const names = ['wedding', '結婚式', FAMILY, `caf${ACUTE}`, '한국어'.normalize('NFD')]
    const table = alignTable(
      [{ title: '名前' }, { title: 'queries', align: 'right' }],
      names.map((name) => [name, '1,234']),
    )
    const [title, ...rows] = table.split('\n')
    expect(title).toBe('名前     queries')
    for (const [i, row] of rows.entries()) {
      expect(row.startsWith(names[i])).toBe(true)
      expect(textWidth(row)).toBe(textWidth(title))
      expect(row.endsWith('  1,234')).toBe(true)
    }
  })
})
