import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../../src/main/engine/datasets/collection'
import { holdOut } from '../../../src/main/engine/datasets/hold-out/hold-out'
import { judgedWhole } from '../../../src/main/engine/datasets/judged-whole'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { makeCollection } from './made-collection'

const texts = { documents: ['a', 'b', 'c'], queries: ['p', 'q', 'r'] }
const corpus = (id: string, family?: string, cards = 1) =>
  listTasks(
    makeCollection(
      id,
      Array.from({ length: cards }, (_, i) => ({ id: `c${i}` })),
      texts,
      family,
    ),
  )
const familyOf = (name: string, size: number, cards = 1) =>
  Array.from({ length: size }, (_, i) => corpus(`${name}.${i}`, name, cards)).flat()
const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id)
const seeds = fc.integer({ min: 0, max: 1000 })

describe('whole corpora', () => {
  const tasks = [
    ...corpus('scifact'),
    ...familyOf('aws', 9),
    ...familyOf('azure', 4, 2),
    ...familyOf('few', 3),
    ...corpus('cosqa'),
  ]
  const counted = (held: readonly Task[], name: string) =>
    new Set(held.flatMap(({ collection }) => (collection.family === name ? [collection.id] : []))).size

  it('are held out family by family, the share rounded down, and ordinary collections never', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { seen, unseen, dropped } = holdOut(tasks, { unseen: 0.25, mode: 'corpora', seed })
        expect(['aws', 'azure', 'few'].map((name) => counted(unseen, name))).toEqual([2, 1, 0])
        expect(dropped).toEqual([])
        expect([...seen, ...unseen].length).toBe(tasks.length)
        const trained = new Set(seen.map(({ collection }) => collection.id))
        expect(unseen.some(({ collection }) => trained.has(collection.id))).toBe(false)
        expect(ids(unseen)).not.toContain('scifact')
      }),
    )
  })

  it('are a random draw of the split seed, whatever the order of the tasks', () => {
    const draw = (seed: number, of = tasks) =>
      ids(holdOut(of, { unseen: 0.25, mode: 'corpora', seed }).unseen).sort()
    expect(draw(1)).toEqual(draw(1, tasks.toReversed()))
    const times = Array.from({ length: 300 }, (_, seed) => draw(seed)).flat()
    // Each of nine is one of two in 67 of 300 draws, give or take 7.2.
    for (let i = 0; i < 9; i++) {
      const count = times.filter((id) => id === `aws.${i}`).length
      expect(Math.abs(count - 67)).toBeLessThan(4 * 7.2)
    }
  })

  it('are at least one, and whole families by their number', () => {
    const one = holdOut(familyOf('few', 3), { unseen: 0.1, mode: 'corpora', seed: 4 })
    expect(one.unseen).toHaveLength(1)
    fc.assert(
      fc.property(seeds, (seed) => {
        const { seen, unseen } = holdOut(tasks, { unseen: 0.4, mode: 'families', seed })
        const name = ({ collection: { id, family } }: Task) => family ?? id
        const [trained, held] = [new Set(seen.map(name)), new Set(unseen.map(name))]
        expect(held.size).toBe(2)
        expect([...held].some((family) => trained.has(family))).toBe(false)
      }),
    )
  })

  it('by name: the rest of a corpus, or of a family, is neither trained nor tested', () => {
    const named = holdOut(tasks, { unseen: ['azure.1/c0'], mode: 'corpora', seed: 1 })
    expect([ids(named.unseen), ids(named.dropped)]).toEqual([['azure.1/c0'], ['azure.1/c1']])
    const family = holdOut(tasks, { unseen: ['few.1'], mode: 'families', seed: 1 })
    expect([ids(family.unseen), ids(family.dropped)]).toEqual([['few.1'], ['few.0', 'few.2']])
    const all = holdOut(tasks, { unseen: ['aws.*'], mode: 'families', seed: 1 })
    expect([all.unseen.length, all.dropped.length]).toEqual([9, 0])
  })
})

describe('a task of a corpus held out whole', () => {
  it('is judged on the queries of all splits, a pair once, and hides what its card shows', () => {
    const [task] = listTasks(
      makeCollection(
        'one',
        [
          {
            id: 'one',
            train: [[0, [[1, 2]]]],
            dev: [
              [
                1,
                [
                  [0, 1],
                  [-1, 1],
                  [-1, 1],
                ],
              ],
            ],
            test: [
              [
                0,
                [
                  [1, 1],
                  [2, 1],
                ],
              ],
            ],
          },
        ],
        texts,
      ),
    )
    const whole = judgedWhole(task)
    expect([...whole.test.queries]).toEqual([0, 1])
    expect([...whole.test.offsets]).toEqual([0, 2, 5])
    expect([...whole.test.documents]).toEqual([1, 2, 0, -1, -1])
    expect([...whole.test.grades]).toEqual([2, 1, 1, 1, 1])
    expect([...whole.train.queries]).toEqual([0])
    expect(whole.collection.protocol.hideShown).toBe(true)
    expect(task.collection.protocol.hideShown).toBe(false)
  })
})
