import { expect, it } from 'vitest'
import { wholeGrade } from '../../../src/main/engine/formats/whole-grade'

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
