import { expect, it } from 'vitest'
import { decimalNumber, wholeGrade } from '../../../src/main/engine/formats/decimal'

it.each([
  ['2', 2],
  ['+1', 1],
  ['-0', 0],
  ['1.0', 1],
  ['007', 7],
  ['0x10', null],
  ['1e3', null],
  ['', null],
  [' 5 ', null],
  ['Infinity', null],
  ['0.5', null],
  ['16777217', null],
  ['١', null],
])('the grade %j is %s', (text, grade) => {
  expect(wholeGrade(text)).toBe(grade)
})

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
