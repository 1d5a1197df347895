import { describe, expect, it } from 'vitest'
import { findSource } from '../../../../src/main/engine/datasets/sources'
import { checkRecipe } from '../../../../src/main/engine/training/recipes/check-recipe'
import { resolveRecipe } from '../../../../src/main/engine/training/recipes/recipes'
import { DEMO_COLLECTIONS } from '../../../../src/main/hosts/terminal/demo/demo-collections'
import { trainRequestSchema } from '../../../../src/shared/schemas/run'

describe.each(DEMO_COLLECTIONS.map((one) => [one.name, one] as const))('the demo on %s', (_, collection) => {
  it('asks for tasks of what it imports, and for a recipe that there is', () => {
    const ids = collection.sources.map((name) => findSource(name).id)
    const request = trainRequestSchema.parse(collection.request)
    for (const task of request.tasks)
      expect(
        ids.some((id) => task === id || task.startsWith(`${id}.`)),
        task,
      ).toBe(true)
    const recipe = resolveRecipe(request.preset, request.tasks.length, undefined, request.overrides)
    expect(() => checkRecipe(recipe, 384)).not.toThrow()
  })
})

it('the original’s smallest experiment is taught by BM25 and dense alone', () => {
  const { request } = DEMO_COLLECTIONS.find(({ name }) => name === 'beir')!
  const { teacher } = resolveRecipe(request.preset ?? '', 3, undefined, request.overrides)
  expect(teacher).toMatchObject({ name: 'fusion', options: { of: ['bm25', 'dense'] } })
  expect(JSON.stringify(teacher)).not.toContain('cross-encoder')
})
