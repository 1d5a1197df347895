import { expect, it } from 'vitest'
import { cardRows, filterRows } from '../../../src/renderer/cards/card-rows'
import { cardSchema } from '../../../src/shared/schemas/card'
import { SCIFACT, TASKS, WORDNET } from '../fixture-world'

const make = (id: string, description: string) => cardSchema.parse({ id, name: id, description })
const rows = cardRows(
  [
    { card: make('scifact', 'mine'), origin: 'workspace' },
    { card: make('scifact', 'find the abstract'), origin: 'template' },
    { card: make('cisi', 'find the abstract'), origin: 'template' },
  ],
  [
    { dataset: SCIFACT, task: { ...TASKS[0], id: 'scifact' } },
    { dataset: WORDNET, task: TASKS[1] },
  ],
)

it('lists a template only where no card of a person stands in front of it, and names cards as their pages are', () => {
  expect(rows.map(({ id, origin }) => [id, origin])).toEqual([
    ['scifact', 'yours'],
    ['cisi', 'template'],
    ['scifact/scifact', 'dataset'],
    [TASKS[1].id, 'dataset'],
  ])
})

it('finds those that have every word, of an origin', () => {
  expect(filterRows(rows, 'ABSTRACT find', 'all').map(({ id }) => id)).toEqual(['cisi'])
  expect(filterRows(rows, 'wordnet', 'dataset').map(({ id }) => id)).toEqual([TASKS[1].id])
  expect(filterRows(rows, '', 'yours').map(({ id }) => id)).toEqual(['scifact'])
})
