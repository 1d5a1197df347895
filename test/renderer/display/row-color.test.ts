import { expect, it } from 'vitest'
import { rowToken } from '../../../src/renderer/display/row-color'

it.each([
  ['exemplar shift', 'color-row-exemplar-shift'],
  ['task card', 'color-row-task-card'],
  ['anybody’s run', 'color-row-other'],
])('colours %s', (row, token) => expect(rowToken(row)).toBe(token))
