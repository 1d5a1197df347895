import { describe, expect, it } from 'vitest'
import { row } from '../../../src/main/engine/numeric/matrix'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { stepSampler } from '../../../src/main/engine/training/step-sampler'
import { judge, type TinyCard, tinyTasks } from '../tiny-task'

const nothing = judge([])
const card = (id: string, first: number): TinyCard => ({
  id,
  train: judge(Array.from({ length: 12 }, (_, q) => [first + q, first + (q % 6), 1] as const)),
  dev: nothing,
  test: nothing,
})
const options = {
  tasksPerStep: 2,
  queriesPerStep: 8,
  candidates: 40,
  minExamples: 1,
  maxExamples: 3,
  descriptionOnly: 0.4,
  feedbackWeight: 0,
}
const tasks = tinyTasks({
  documents: 100,
  queries: 60,
  dimensions: 8,
  cards: [card('a', 0), card('b', 20), card('c', 40)],
  ownDocument: (query) => query + 1,
})
const descriptionMean = row(tasks[0].wordings, 0)

describe('stepSampler', () => {
  it('asks and shows only train queries, hides what it shows, and never offers a query its own document', () => {
    const sampler = stepSampler(tasks, descriptionMean, options)
    const random = randomStream(1, 'sampling')
    for (let step = 0; step < 200; step++) {
      const batch = sampler.draw(random)
      expect(batch.queries.rows).toBe(8)
      expect(batch.cards).toHaveLength(2)
      expect(new Set(batch.candidates).size).toBe(40)
      const masked = new Set<string>()
      for (let i = 0; i < batch.masked.length; i += 2) masked.add(`${batch.masked[i]} ${batch.masked[i + 1]}`)
      const mass = new Float64Array(batch.queries.rows)
      for (let t = 0; t < batch.weights.length; t++) {
        const [query, candidate] = [batch.targets[2 * t], batch.targets[2 * t + 1]]
        expect(masked.has(`${query} ${candidate}`)).toBe(false)
        mass[query] += batch.weights[t]
      }
      for (const share of mass) expect(share === 0 || Math.abs(share - 1) < 1e-6).toBe(true)
    }
  })

  it('is the same for the same seed and another for another', () => {
    const draw = (seed: number) => {
      const sampler = stepSampler(tasks, descriptionMean, options)
      const random = randomStream(seed, 'sampling')
      return Array.from({ length: 5 }, () => [...sampler.draw(random).candidates])
    }
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('shows a description alone in the share of cards asked for', () => {
    const sampler = stepSampler(tasks, descriptionMean, options)
    const random = randomStream(3, 'sampling')
    let alone = 0
    for (let step = 0; step < 500; step++) {
      for (const { queries } of sampler.draw(random).cards)
        if (queries === tasks[0].encoded.queryMean) alone++
    }
    expect(alone / 1000).toBeGreaterThan(0.34)
    expect(alone / 1000).toBeLessThan(0.46)
  })

  it('draws with repeats where a task has fewer queries than a step asks for', () => {
    const few = tinyTasks({
      documents: 30,
      queries: 5,
      dimensions: 8,
      cards: [
        {
          id: 'few',
          train: judge([
            [0, 1, 1],
            [1, 2, 1],
          ]),
          dev: nothing,
          test: nothing,
        },
      ],
    })
    const batch = stepSampler(few, descriptionMean, { ...options, candidates: 500 }).draw(
      randomStream(1, 's'),
    )
    expect(batch.queries.rows).toBe(8)
    expect(batch.candidates).toHaveLength(30)
  })
})
