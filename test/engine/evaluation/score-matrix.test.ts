import { describe, expect, it } from 'vitest'
import { matrixOf, matrixTasks, scoreMatrix } from '../../../src/main/engine/evaluation/matrix/score-matrix'
import type { SystemScores } from '../../../src/main/engine/evaluation/system-scores'
import type { Hypernetwork } from '../../../src/main/engine/hypernet/hypernetwork'
import { createMatrix } from '../../../src/main/engine/numeric/matrix'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { marginWords, shareOfOwn } from '../../../src/shared/tables/matrix-words'
import { makeTasks } from '../datasets/made-collection'
import { judge, tinyTasks } from '../tiny-task'

const tasksOf = (count: number, train: [number, [number, number][]][] = []) =>
  makeTasks(
    'made',
    Array.from({ length: count }, (_, i) => ({
      id: `c${i}`,
      members: [i],
      train,
      test: [[i, [[i, 1]]]] as [number, [number, number][]][],
    })),
  ).map((task) => ({ task }) as EncodedTask)

describe('the tasks of a matrix', () => {
  const options = { examples: 0, split: 'test', seed: 1 } as const

  it('are all of them up to forty, and a sample by the seed beyond, in their order', () => {
    const few = tasksOf(40)
    expect(matrixTasks(few, options)).toEqual({ tasks: few, from: 40 })
    const many = tasksOf(60)
    const sample = matrixTasks(many, options)
    expect(sample.from).toBe(60)
    expect(sample.tasks).toHaveLength(40)
    expect(sample.tasks).toEqual(many.filter((task) => sample.tasks.includes(task)))
    expect(matrixTasks(many, options)).toEqual(sample)
    expect(matrixTasks(many, { ...options, seed: 2 })).not.toEqual(sample)
  })

  it('have judged queries and can show so many examples', () => {
    expect(matrixTasks(tasksOf(3), { ...options, split: 'dev' }).tasks).toEqual([])
    expect(matrixTasks(tasksOf(3), { ...options, examples: 4 }).tasks).toEqual([])
    expect(matrixTasks(tasksOf(3, [[9, [[9, 1]]]]), { ...options, examples: 4 }).from).toBe(3)
  })
})

describe('the diagonal of a matrix', () => {
  const tasks = tasksOf(3)
  /** [tasks][queries] of one system */
  const scores = (values: readonly (readonly number[] | null)[]) =>
    ({
      tasks: values.flatMap((queries, t) =>
        queries === null
          ? []
          : [
              {
                task: tasks[t],
                queries: Int32Array.from(queries.keys()),
                values: new Map([['nDCG@10', Float64Array.from(queries)]]),
              },
            ],
      ),
    }) as unknown as SystemScores

  it('is each task’s own card minus the mean of the others, query by query, each task once', () => {
    const matrix = matrixOf(
      tasks,
      [
        scores([[0.1, 0.3], [0.5], [0.2]]),
        scores([[0.8, 1], [0.2], [0.4]]),
        scores([[0.2, 0.4], [0.6], [0]]),
        scores([[0.4, 0.4], [0.1], [0.9]]),
      ],
      1,
    )
    const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 12))
    expect(matrix.queries).toEqual([2, 1, 1])
    expect(matrix.frozen).toEqual(close([0.2, 0.5, 0.2]))
    expect(matrix.scores).toEqual([close([0.9, 0.3, 0.4]), close([0.2, 0.6, 0.1]), close([0.4, 0, 0.9])])
    // (.9 − .35) + (.6 − .15) + (.9 − .2), over three
    expect(matrix.margin.value).toBeCloseTo(1.7 / 3, 12)
    expect(matrix.margin).toMatchObject({ unit: 'queries within tasks', n: 4 })
  })

  it('leaves out a task of which no query is left, its card too', () => {
    const matrix = matrixOf(
      tasks,
      [
        scores([[0.1], null, [0.2]]),
        scores([[0.8], null, [0.4]]),
        scores([[0], null, [0]]),
        scores([[0.4], null, [0.9]]),
      ],
      1,
    )
    expect(matrix.tasks).toEqual([tasks[0], tasks[2]])
    expect(matrix.scores).toEqual([
      [0.8, 0.4],
      [0.4, 0.9],
    ])
    expect(matrix.margin.value).toBeCloseTo((0.4 + 0.5) / 2, 12)
  })

  it('is called better only where it is shown', () => {
    const inference = { delta: 0.05, low: 0.01, high: 0.09, p: 0.01, corrected: 0.01, family: 1 }
    const margin = {
      ...inference,
      student: null,
      effect: null,
      detectable: null,
      unit: 'tasks',
      n: 20,
    } as const
    const matrix = { margin, tasks: new Array(20) } as unknown as Parameters<typeof marginWords>[0]
    expect(marginWords(matrix)).toMatch(/is better than .* \+\.050, 95 % interval over 20 tasks \[\+\.010/)
    expect(marginWords({ ...matrix, margin: { ...margin, delta: -0.05 } })).toMatch(/is worse .* −\.050/)
    expect(marginWords({ ...matrix, margin: { ...margin, corrected: 0.05 } })).toMatch(/no difference shown/)
  })

  it('counts tasks that need no other card, and those above frozen', () => {
    const row = (frozen: number, scores: number[]) =>
      ({ frozen, scores }) as unknown as Parameters<typeof shareOfOwn>[0][number]
    expect(shareOfOwn([row(0.4, [0.5, 0.5]), row(0.4, [0.5, 0.3])])).toMatch(/on 1 of 2 tasks.*frozen on 1\./)
  })
})

it('compiles each card once, and scores a task under it as the head of that card does', async () => {
  const card = (id: string, first: number) => ({
    id,
    train: judge([[first, first, 1]]),
    dev: judge([]),
    test: judge([
      [first + 1, first + 1, 1],
      [first + 2, first + 3, 1],
    ]),
  })
  const cards = [card('a', 0), card('b', 8), card('c', 16)]
  const tasks = tinyTasks({ documents: 24, queries: 24, dimensions: 8, cards })
  const d = tasks[0].description.length
  const compiled: string[] = []
  const network = {
    // The first card leaves queries as they are, the others turn them round.
    compile({ id }: { id: string }) {
      compiled.push(id)
      const weight = createMatrix(d, d)
      for (let i = 0; i < d; i++) weight.data[i * d + i] = id === tasks[0].task.id ? 1 : -1
      return { weight, bias: new Float32Array(d) }
    },
    compileDocuments: () => null,
  } as unknown as Hypernetwork
  const matrix = await scoreMatrix({
    tasks,
    network,
    networkMean: new Float32Array(d),
    feedbackWeight: 0,
    examples: 0,
    split: 'test',
    seed: 1,
  })
  expect(compiled).toEqual(tasks.map(({ task }) => task.id))
  expect(matrix.scores.map(([first]) => first)).toEqual(matrix.frozen)
  expect(matrix.scores.map(([, second]) => second)).not.toEqual(matrix.frozen)
  for (const [, second, third] of matrix.scores) expect(second).toBe(third)
})
