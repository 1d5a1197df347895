import { describe, expect, it } from 'vitest'
import type { RunTasks } from '../../../src/main/pipeline/datasets/load-run-tasks'
import { settleRecipe } from '../../../src/main/pipeline/training/settle-recipe'
import type { RunRecord } from '../../../src/shared/schemas/run'
import { judge, tinyTasks } from '../../engine/tiny-task'

const some = judge([[0, 0, 1]])
const nothing = judge([])
const tasks = (dev: typeof some): RunTasks => {
  const cards = [
    { id: 'asked', train: some, dev, test: some },
    { id: 'bare', train: nothing, dev: nothing, test: some },
  ]
  const [asked, bare] = tinyTasks({ documents: 9, queries: 4, dimensions: 4, cards }).map(({ task }) => task)
  return {
    collections: [],
    all: [asked, bare],
    seen: [asked],
    unseen: [],
    dropped: [],
    ruleTasks: [],
    spare: [],
    bare: [bare],
  }
}
const run = (overrides: Record<string, unknown> = {}) =>
  ({ request: { tasks: ['tiny/*'], overrides } }) as RunRecord

describe('settleRecipe', () => {
  it('names the tasks that were left out for want of train queries', () => {
    const { recipe, notes } = settleRecipe(run(), tasks(some), 4)
    expect(recipe.keep).toBe('best')
    expect(notes).toHaveLength(1)
    expect(notes[0]).toContain('tiny/bare')
  })

  it('keeps the last step where no dev query can tell which is best', () => {
    const { recipe, notes } = settleRecipe(run({ patience: 2 }), tasks(nothing), 4)
    expect(recipe).toMatchObject({ keep: 'last', patience: null })
    expect(notes).toHaveLength(2)
  })

  it('shows descriptions alone where pseudo-queries ask', () => {
    const asked = { queries: 'pseudo', teacher: { name: 'bm25' } }
    expect(settleRecipe(run(asked), tasks(some), 4).recipe.descriptionOnly).toBe(1)
    expect(() => settleRecipe(run({ queries: 'pseudo' }), tasks(some), 4)).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
  })
})
