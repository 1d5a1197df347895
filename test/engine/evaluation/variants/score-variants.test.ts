import { describe, expect, it } from 'vitest'
import { showCard } from '../../../../src/main/engine/evaluation/shown-card'
import {
  type CardVariant,
  partsLeftOut,
  rewordedTasks,
} from '../../../../src/main/engine/evaluation/variants/card-variants'
import { scoreVariants } from '../../../../src/main/engine/evaluation/variants/score-variants'
import type { CardVectors } from '../../../../src/main/engine/hypernet/card-vectors'
import type { Hypernetwork } from '../../../../src/main/engine/hypernet/hypernetwork'
import { createMatrix, type Matrix, meanRow, row } from '../../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../../src/main/engine/preferences/encoded-collection'
import { type ConditioningPart, USUAL_PARTS } from '../../../../src/shared/schemas/run'
import { judge, tinyTasks } from '../../tiny-task'

const D = 12
const answers = (first: number, count: number) =>
  judge(Array.from({ length: count }, (_, i) => [first + i, first + i, 1] as const))
const tasks = tinyTasks({
  documents: 60,
  queries: 60,
  dimensions: D,
  cards: ['a', 'b', 'c'].map((id, i) => ({
    id,
    train: answers(i * 20, 6),
    dev: judge([]),
    test: answers(i * 20 + 8, 6),
  })),
})
const options = { conditioning: USUAL_PARTS, seed: 1, feedbackWeight: 0.5 }
const means = {
  description: new Float32Array(D).fill(7),
  queries: new Float32Array(D),
  documents: new Float32Array(D),
}
const namesOf = (variants: readonly { name: string }[]) => variants.map(({ name }) => name)

describe('parts left out', () => {
  it('are the description, all examples, and each example alone', () => {
    const [task] = tasks
    const shown = showCard(task, 4, 1, 0.5)
    const variants = partsLeftOut(task, shown, options)
    expect(namesOf(variants)).toEqual(['description', 'all examples', ...Array(4).fill('one example')])
    const vectors = variants.map((variant) => variant.vectors(means))
    expect(vectors[0]).toEqual({ ...shown.vectors, description: means.description })
    expect(vectors[1]).toEqual(showCard(task, 0, 1, 0.5).vectors)
    const rest = shown.documents.filter((_, i) => i !== 2)
    expect(vectors[4].documents).toEqual(meanRow(task.encoded.documents, rest))
    expect(vectors[4].description).toBe(shown.vectors.description)
  })

  it('take the feedback with the description where it is all that there is', () => {
    const [task] = tasks
    const [variant, ...others] = partsLeftOut(task, showCard(task, 0, 1, 0.5), options)
    expect(others).toEqual([])
    expect(variant.vectors(means)).toMatchObject({
      description: means.description,
      documents: task.encoded.documentMean,
    })
  })

  it('are only what the network looks at, the corpus too', () => {
    const [task] = tasks
    const of = (conditioning: readonly ConditioningPart[], examples: number) =>
      namesOf(partsLeftOut(task, showCard(task, examples, 1, 0), { ...options, conditioning }))
    expect(of(['documents'], 1)).toEqual(['all examples'])
    expect(of(['description', 'corpus'], 0)).toEqual(['description', 'corpus'])
    expect(of(['description'], 4)).toEqual(['description'])
  })
})

describe('other words', () => {
  const worded = (card: Partial<EncodedTask['task']['card']>) => {
    const { task } = tasks[0]
    const description = 'find the musical instrument most related'
    return { ...task, card: { ...task.card, description, ...card } }
  }

  it('are the dataset’s wordings, and seeded draws of shuffled words and typos', () => {
    const task = worded({ wordings: ['find the musical instrument most related', 'which instrument fits'] })
    const variants = rewordedTasks(task, 'robustness', options)
    const texts = variants.map((one) => one.task.card.description)
    expect([...new Set(namesOf(variants))]).toEqual([
      'another wording',
      'words shuffled',
      'typos in 10 % of the words',
      'typos in 30 % of the words',
    ])
    expect(texts[0]).toBe('which instrument fits')
    expect(texts).not.toContain(task.card.description)
    expect(variants.every((one) => one.task.card.wordings === undefined)).toBe(true)
    expect(rewordedTasks(task, 'robustness', options)).toEqual(variants)
    expect(rewordedTasks(task, 'robustness', { ...options, seed: 2 })).not.toEqual(variants)
    expect(rewordedTasks(task, 'robustness', { ...options, conditioning: ['documents'] })).toEqual([])
  })

  it('of an attribution are the fields that are words, where they are read', () => {
    const task = worded({ domain: 'music', queryType: 'question' })
    const variants = rewordedTasks(task, 'attribution', options)
    expect(namesOf(variants)).toEqual(['domain', 'query type'])
    expect(variants[0].task.card).toMatchObject({ queryType: 'question' })
    expect(variants[0].task.card.domain).toBeUndefined()
    expect(
      namesOf(rewordedTasks(task, 'attribution', { ...options, conditioning: ['description', 'domain'] })),
    ).toEqual(['domain'])
    expect(rewordedTasks(worded({}), 'attribution', options)).toEqual([])
  })
})

describe('a table of variants', () => {
  /** Moves queries by what the card shows: nothing, where it is turned off. */
  const network = {
    transform: (card: CardVectors, _means: unknown, queries: Matrix) =>
      createMatrix(
        queries.rows,
        D,
        queries.data.map((value, i) => value + card.description[i % D]),
      ),
    compileDocuments: () => null,
  } as unknown as Hypernetwork
  const shown = new Map(tasks.map((task) => [task, showCard(task, 4, 1)]))
  const table = (variants: (task: EncodedTask) => readonly CardVariant[]) =>
    scoreVariants({
      tasks,
      shown,
      variants: new Map(tasks.map((task) => [task, variants(task)])),
      network,
      networkMean: new Float32Array(D),
      split: 'test',
      seed: 1,
    })
  const moved = (task: EncodedTask, by: number): CardVectors => ({
    ...shown.get(task)!.vectors,
    description: shown.get(task)!.vectors.description.map((value, i) => value + (i === 0 ? by : 0)),
  })

  it('finds no change where the card is the same, with the same first ten and the same vectors', async () => {
    const { tasks: rows, variants } = await table((task) => [
      { name: 'itself', vectors: () => moved(task, 0) },
    ])
    expect(rows.map(({ queries }) => queries)).toEqual([6, 6, 6])
    const [itself] = variants
    expect(itself.change).toMatchObject({ value: 0, low: 0, high: 0, corrected: 1, family: 1 })
    expect(itself.overlap.value).toBeCloseTo(1, 12)
    expect(itself.cosine.value).toBeCloseTo(1, 6)
  })

  it('counts a variant on the tasks that have it, as the mean of its cards', async () => {
    const far = (task: EncodedTask, by: number): CardVariant => ({
      name: 'far',
      vectors: () => moved(task, by),
    })
    const some = await table((task) => (task === tasks[1] ? [] : [far(task, 3), far(task, -5)]))
    const one = await table((task) => (task === tasks[0] ? [far(task, 3)] : []))
    const other = await table((task) => (task === tasks[0] ? [far(task, -5)] : []))
    const [far2] = some.variants
    expect(far2.tasks.map(({ task }) => task)).toEqual([tasks[0], tasks[2]])
    const draws = [one, other].map(({ variants }) => variants[0].tasks[0].draws[0])
    expect(far2.tasks[0].draws).toEqual(draws)
    const all = far2.tasks.map(({ draws: [a, b] }) => (a + b) / 2)
    expect(far2.change.value).toBeCloseTo((all[0] + all[1]) / 2, 12)
    expect(far2.cosine.value).toBeLessThan(1)
    expect(far2.overlap.value).toBeLessThan(1)
  })

  it('holds a change against the whole card’s score on the whole card’s queries', async () => {
    const { tasks: rows, variants } = await table((task) => [
      { name: 'nothing', vectors: () => ({ ...moved(task, 0), description: new Float32Array(D) }) },
    ])
    // A network that adds nothing is the frozen encoder.
    for (const [t, { frozen, whole }] of rows.entries())
      expect(variants[0].tasks[t].draws[0]).toBeCloseTo(frozen - whole, 12)
    expect(row(tasks[0].encoded.queries, 0)).toHaveLength(D)
  })
})
