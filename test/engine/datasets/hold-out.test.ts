import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../../src/main/engine/datasets/collection'
import { holdOut } from '../../../src/main/engine/datasets/hold-out'
import { makeTasks } from './made-collection'

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
const ids = (tasks: readonly Task[]) => tasks.map(({ card }) => card.id)
const setOf = ({ members }: Task) => new Set(members!)
function shared(a: Task, b: Task): number {
  const other = setOf(b)
  return [...setOf(a)].filter((row) => other.has(row)).length
}
const jaccard = (a: Task, b: Task) => shared(a, b) / (setOf(a).size + setOf(b).size - shared(a, b))

const cards = fc
  .array(fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { minLength: 1, maxLength: 12 }), {
    minLength: 2,
    maxLength: 25,
  })
  .map((sets) =>
    makeTasks(
      'made',
      sets.map((members, i) => ({ id: `c${i}`, members })),
    ),
  )
const seeds = fc.integer({ min: 0, max: 1000 })

describe('holdOut', () => {
  it('never separates overlapping cards, keeps to the share, and loses no task', () => {
    fc.assert(
      fc.property(cards, seeds, fc.double({ min: 0.05, max: 0.6, noNaN: true }), (tasks, seed, share) => {
        const { seen, unseen, dropped } = holdOut(tasks, { share, mode: 'loose', seed })
        expect(dropped).toEqual([])
        expect(ids([...seen, ...unseen]).sort()).toEqual(ids(tasks).sort())
        expect(unseen.length).toBeLessThanOrEqual(Math.max(1, share * tasks.length))
        for (const a of unseen) for (const b of seen) expect(jaccard(a, b)).toBeLessThanOrEqual(0.5)
      }),
    )
  })

  it('strict drops exactly those that lie for more than half inside an unseen card', () => {
    fc.assert(
      fc.property(cards, seeds, (tasks, seed) => {
        const loose = holdOut(tasks, { share: 0.3, mode: 'loose', seed })
        const strict = holdOut(tasks, { share: 0.3, mode: 'strict', seed })
        expect(strict.unseen).toEqual(loose.unseen)
        const inside = (task: Task) => loose.unseen.some((one) => shared(task, one) > 0.5 * setOf(task).size)
        expect(strict.dropped).toEqual(loose.seen.filter(inside))
        expect(strict.seen).toEqual(loose.seen.filter((task) => !inside(task)))
      }),
    )
  })

  it('is the same for the same seed and differs between seeds', () => {
    const tasks = makeTasks(
      'made',
      range(0, 40).map((i) => ({ id: `c${i}`, members: [i] })),
    )
    const draw = (seed: number) => ids(holdOut(tasks, { share: 0.2, mode: 'strict', seed }).unseen)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).toHaveLength(8)
    expect(draw(1)).not.toEqual(draw(2))
    expect(holdOut(tasks, { share: 0, mode: 'strict', seed: 1 }).unseen).toEqual([])
  })

  it('compares cards without members by their relevant documents', () => {
    const train = range(0, 4).map((q): [number, [number, number][]] => [
      q,
      [
        [q, 1],
        [50 + q, 0],
        [-1, 1],
      ],
    ])
    const tasks = makeTasks('made', [
      { id: 'a', train },
      { id: 'b', train: train.slice(0, 3) },
      {
        id: 'c',
        train: [
          [
            9,
            [
              [50, 1],
              [51, 1],
              [52, 1],
            ],
          ],
        ],
      },
    ])
    for (const seed of range(0, 20)) {
      const unseen = ids(holdOut(tasks, { share: 0.67, mode: 'loose', seed }).unseen)
      expect([['a', 'b'], ['c'], ['a', 'b', 'c']]).toContainEqual(unseen)
    }
  })

  it('never links datasets: equal rows are different documents', () => {
    const tasks = [
      ...makeTasks('one', [{ id: 'one', members: range(0, 10) }]),
      ...makeTasks('two', [{ id: 'two', members: range(0, 10) }]),
    ]
    const { seen, unseen, dropped } = holdOut(tasks, { share: 0.2, mode: 'strict', seed: 1 })
    expect([seen.length, unseen.length, dropped.length]).toEqual([1, 1, 0])
  })
})
