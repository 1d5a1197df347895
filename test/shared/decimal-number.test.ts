import { expect, it } from 'vitest'
import { decimalNumber } from '../../src/shared/decimal-number'

it.each([
  ['-1.5', -1.5],
  ['1e3', 1000],
  ['.5', 0.5],
  ['5.', 5],
  ['0x10', null],
  ['', null],
  [' 5 ', null],
  ['Infinity', null],
  ['nan', null],
  ['1e999', null],
  ['1_000', null],
])('the number %j is %s', (text, value) => {
  expect(decimalNumber(text)).toBe(value)
})
