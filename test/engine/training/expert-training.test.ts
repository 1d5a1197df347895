import { describe, expect, it } from 'vitest'
import { expertsOf, SHARED_EXPERT } from '../../../src/main/engine/hypernet/experts/expert-plan'
import { meanRow } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { expertTraining } from '../../../src/main/engine/training/expert-training'
import { stepSampler } from '../../../src/main/engine/training/step-sampler'
import { trainNetwork } from '../../../src/main/engine/training/trainer'
import type { Recipe } from '../../../src/shared/schemas/run'
import { familyTasks, tinyRecipe, tinyTraining } from './tiny-training'

const tasks = familyTasks()
const descriptionMean = meanRow(tasks[0].wordings)
const recipe = (options: Record<string, unknown> = {}): Recipe =>
  tinyRecipe({
    generator: { name: 'experts', options },
    head: { name: 'full', options: {} },
    conditioning: ['description', 'corpus'],
    corporaPerStep: 2,
    weightDecay: 0,
  })

describe('the training of experts', () => {
  it('gives each card the expert of its family, and a share of the cards of families the shared one', () => {
    const { plan, route } = expertTraining({
      tasks,
      descriptionMean,
      recipe: recipe({ sharedShare: 0.5 }),
      seed: 1,
    })
    const sampler = stepSampler(tasks, descriptionMean, recipe())
    const random = randomStream(1, 'route')
    const seen = new Map<string, Set<string | undefined>>()
    for (let step = 0; step < 60; step++) {
      const { tasks: drawn, cards } = route(sampler.draw(random), random)
      drawn.forEach((task, t) => {
        seen.set(task, (seen.get(task) ?? new Set()).add(cards[t].expert))
      })
    }
    expect(plan.names).toEqual(['a', 'b', '/corpus4'])
    tasks.forEach(({ task: { id, collection } }) => {
      const own = collection.family ? [collection.family, SHARED_EXPERT] : ['/corpus4']
      expect(seen.get(id)).toEqual(new Set(own))
    })
  })

  it('has no shared expert of one family alone, nor where none is wanted', () => {
    const plan = (of: typeof tasks, options: Record<string, unknown> = {}) =>
      expertTraining({ tasks: of, descriptionMean, recipe: recipe(options), seed: 1 }).plan
    expect(plan(tasks).shared).toBe(true)
    expect(plan(tasks, { shared: false }).shared).toBe(false)
    expect(plan(tasks.filter(({ task }) => task.collection.family !== 'b')).shared).toBe(false)
    expect(expertsOf(plan(tasks)).at(-1)!.members).toEqual([0, 1, 2, 3])
  })

  it('moves an expert by its own cards alone, and neither gates nor what is remembered', async () => {
    await chooseBackend('wasm')
    const only = { ...recipe({ sharedShare: 0 }), keep: 'last' as const }
    const { values } = expertTraining({ tasks, descriptionMean, recipe: only, seed: 5 })
    const { parameters, description } = await trainNetwork(
      tinyTraining({
        tasks,
        descriptionMean,
        recipe: only,
        measureDev: async () => 0,
      }),
    )
    for (const { name, fixed, data } of parameters) if (fixed) expect(data).toEqual(values[name])
    const { data, shape } = parameters.find(({ name }) => name === 'expertMaps')!
    const moved = Array.from({ length: shape[0] }, (_, e) =>
      data.subarray(e * shape[1], (e + 1) * shape[1]).some((value) => value !== 0),
    )
    // No card trained the shared one.
    expect(moved).toEqual([true, true, true, false])
    expect(description.experts!.names).toHaveLength(3)
  })
})
