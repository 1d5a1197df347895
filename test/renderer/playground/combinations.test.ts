import { expect, it } from 'vitest'
import { combinationKey, combinationsOf } from '../../../src/renderer/playground/combinations'

const task = (relation: string, category: string, name: string) => ({
  id: `relates/${relation}.${category}`,
  name,
  description: name,
  factors: { relation, category },
  train: 1,
  dev: 1,
  test: 1,
})

it('makes two menus of cards that are put together, and knows which combinations there are', () => {
  const made = combinationsOf([
    task('part', 'n2', 'tool: part of'),
    task('part', 'n1', 'body: left: part of'),
    task('kind', 'n2', 'tool: kind of'),
  ])
  expect(made?.relations.map(({ title }) => title)).toEqual(['kind of', 'part of'])
  expect(made?.categories.map(({ title }) => title)).toEqual(['body: left', 'tool'])
  expect(made?.tasks.get(combinationKey('kind', 'n2'))).toBe('relates/kind.n2')
  expect(made?.tasks.has(combinationKey('kind', 'n1'))).toBe(false)
  expect(made?.factorsOf.get('relates/part.n1')).toEqual({ relation: 'part', category: 'n1' })
})

it('is nothing where cards are whole', () => {
  const { factors: _, ...whole } = task('a', 'b', 'c')
  expect(combinationsOf([whole])).toBeNull()
})
