import { expect, it } from 'vitest'
import { findEntries, type PaletteEntry } from '../../../src/renderer/app/palette-entries'

const entry = (title: string, detail = ''): PaletteEntry => ({
  id: title,
  group: 'Pages',
  title,
  detail,
  run: () => {},
})
const ENTRIES = [
  entry('Home'),
  entry('Compare Demo', 'seed 2'),
  entry('Demo in the playground', 'seed 1'),
  entry('Playground'),
]
const titles = (text: string) => findEntries(ENTRIES, text, 3).map(({ title }) => title)

it('finds entries that have every word, those that begin with it first', () => {
  expect(titles('play')).toEqual(['Demo in the playground', 'Playground'])
  expect(titles('demo seed 2')).toEqual(['Compare Demo'])
  expect(titles('round')).toEqual(['Demo in the playground', 'Playground'])
  expect(titles('ome')).toEqual(['Home'])
  expect(titles('demo nothing')).toEqual([])
})

it('offers the first ones while nothing is typed', () => {
  expect(titles('  ')).toEqual(['Home', 'Compare Demo', 'Demo in the playground'])
})
