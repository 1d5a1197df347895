import { expect, it } from 'vitest'
import { controlGrid, controlShift, corpusMeans } from '../../../src/main/engine/evaluation/controls'
import { showCard } from '../../../src/main/engine/evaluation/shown-card'
import { judge, tinyTasks } from '../tiny-task'

const answers = judge([0, 1, 2, 3].map((i) => [i, i, 1] as const))
const [task] = tinyTasks({
  documents: 12,
  queries: 8,
  dimensions: 5,
  cards: [{ id: 'a', train: answers, dev: answers, test: answers }],
})
const mean = Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5)
const means = corpusMeans(task, mean)

it('a control is found again by the words of its setting, and moves queries as it did', () => {
  for (const examples of [0, 4]) {
    const card = showCard(task, examples, 1)
    const grid = controlGrid(examples, () => means)
    for (const system of grid) {
      const again = controlShift({ head: system.row, setting: system.chosen }, card, means)
      expect(again, system.name).toEqual(system.shift(task, card))
    }
    expect(new Set(grid.map(({ name }) => name)).size).toBe(grid.length)
  }
  const card = showCard(task, 4, 1)
  expect(controlShift({ head: 'card as text', setting: 'λ = 7, something' }, card, means)).toBeNull()
  expect(controlShift({ head: 'task card' }, card, means)).toBeNull()
})

it('moves by λ times the mean difference of the examples, among others', () => {
  const card = showCard(task, 4, 1)
  const shift = controlShift(
    { head: 'exemplar shift', setting: 'λ = 2, mean documents − mean queries' },
    card,
    means,
  )!
  const { documents, queries } = card.vectors
  shift.forEach((value, i) => {
    expect(value).toBeCloseTo(2 * (documents[i] - queries[i]), 6)
  })
})
