import { expect, it } from 'vitest'
import { strip } from '../../../src/main/engine/formats/strip'

/** As CPython 3.12 answers `text.strip()`. */
it.each([
  [' \t\n\v\f\r text \u3000\u00a0\u2028', 'text'],
  ['\u001c\u001d\u001e\u001f\u0085text\u0085', 'text'],
  ['\uFEFFtext\u200b', '\uFEFFtext\u200b'],
  ['\u180etext', '\u180etext'],
  ['two  words', 'two  words'],
  [' \u001f ', ''],
  ['', ''],
])('%j is stripped as Python does it', (text, stripped) => {
  expect(strip(text)).toBe(stripped)
})
