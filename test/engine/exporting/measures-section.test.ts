import { expect, it } from 'vitest'
import type { ExportMaterial } from '../../../src/main/engine/exporting/export-material'
import { headRow, systemRows } from '../../../src/main/engine/exporting/measures-section'
import { madeRow, madeVerdict } from '../../made-verdict'

const verdict = madeVerdict({
  rows: ['frozen', 'card as text', 'no card', 'task card', 'handed out'].map((row) => madeRow({ row })),
})
type HandedOut = NonNullable<ExportMaterial['origin']['handedOut']>
const rowsOf = (handedOut?: Pick<HandedOut, 'head' | 'strength'>) => {
  const origin = { handedOut: handedOut && { ...handedOut, words: '' } } as ExportMaterial['origin']
  return systemRows(verdict, headRow(origin)).map(({ row }) => row)
}

it('a README has the figures of the head that was handed out, and of no better one', () => {
  expect(rowsOf()).toEqual(['task card'])
  expect(rowsOf({ head: 'frozen', strength: 1 })).toEqual(['frozen'])
  expect(rowsOf({ head: 'no card', strength: 1 })).toEqual(['no card'])
  expect(rowsOf({ head: 'task card', strength: 0.5 })).toEqual(['handed out'])
})
