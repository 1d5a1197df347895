import { expect, it } from 'vitest'
import { figure, pWords, signed } from '../../src/shared/figure-words'

it.each([
  [figure(0.1792), '.179'],
  [figure(1), '1.000'],
  [figure(0.9996), '1.000'],
  [figure(0), '.000'],
  [signed(0.046), '+.046'],
  [signed(-0.013), '−.013'],
  [signed(-0.0001), '+.000'],
  [pWords(0.0004), 'p < .001'],
  [pWords(0.0312), 'p = .031'],
])('%s', (text, expected) => {
  expect(text).toBe(expected)
})
