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
        const { seen, unseen, dropped } = holdOut(tasks, { unseen: share, mode: 'loose', seed })
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
        const loose = holdOut(tasks, { unseen: 0.3, mode: 'loose', seed })
        const strict = holdOut(tasks, { unseen: 0.3, mode: 'strict', seed })
        expect(strict.unseen).toEqual(loose.unseen)
        const inside = (task: Task) => loose.unseen.some((one) => shared(task, one) > 0.5 * setOf(task).size)
        expect(strict.dropped).toEqual(loose.seen.filter(inside))
        expect(strict.seen).toEqual(loose.seen.filter((task) => !inside(task)))
      }),
    )
  })

  it('leaves broad cards in training: those that would take many others with them', () => {
    // Two broad cards hold ten narrow ones each for the larger part; twenty others stand alone.
    const broad = [range(0, 40), range(40, 80)]
    const narrow = range(0, 20).map((i) => [...range(i * 4, i * 4 + 3), 100 + i])
    const alone = range(0, 20).map((i) => range(200 + 3 * i, 203 + 3 * i))
    const tasks = makeTasks(
      'made',
      [...broad, ...narrow, ...alone].map((members, i) => ({ id: `c${i}`, members })),
    )
    for (const seed of range(1, 30)) {
      const { seen, unseen, dropped } = holdOut(tasks, { unseen: 0.2, mode: 'strict', seed })
      expect(unseen).toHaveLength(8)
      expect([dropped.length, seen.length]).toEqual([0, tasks.length - 8])
    }
  })

  it('is the same for the same seed and differs between seeds', () => {
    const tasks = makeTasks(
      'made',
      range(0, 40).map((i) => ({ id: `c${i}`, members: [i] })),
    )
    const draw = (seed: number) => ids(holdOut(tasks, { unseen: 0.2, mode: 'strict', seed }).unseen)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).toHaveLength(8)
    expect(draw(1)).not.toEqual(draw(2))
    expect(holdOut(tasks, { unseen: 0, mode: 'strict', seed: 1 }).unseen).toEqual([])
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
      const unseen = ids(holdOut(tasks, { unseen: 0.67, mode: 'loose', seed }).unseen)
      expect([['a', 'b'], ['c'], ['a', 'b', 'c']]).toContainEqual(unseen)
    }
  })

  it('never links datasets: equal rows are different documents', () => {
    const tasks = [
      ...makeTasks('one', [{ id: 'one', members: range(0, 10) }]),
      ...makeTasks('two', [{ id: 'two', members: range(0, 10) }]),
    ]
    const { seen, unseen, dropped } = holdOut(tasks, { unseen: 0.2, mode: 'strict', seed: 1 })
    expect([seen.length, unseen.length, dropped.length]).toEqual([1, 1, 0])
  })
})

describe('holdOut of tasks by name', () => {
  const tasks = makeTasks('made', [
    { id: 'animal', members: range(0, 20) },
    { id: 'beast', members: range(2, 22) },
    { id: 'dog', members: range(0, 4) },
    { id: 'plant', members: range(18, 40) },
    { id: 'planet', members: range(60, 70) },
  ])
  const held = (unseen: string[], mode: 'strict' | 'loose') => {
    const result = holdOut(tasks, { unseen, mode, seed: 1 })
    return { unseen: ids(result.unseen), dropped: ids(result.dropped), seen: ids(result.seen) }
  }

  it('drops what is nearly the same card, and under strict what lies inside it', () => {
    expect(held(['made/animal'], 'loose')).toEqual({
      unseen: ['animal'],
      dropped: ['beast'],
      seen: ['dog', 'plant', 'planet'],
    })
    expect(held(['made/animal'], 'strict')).toEqual({
      unseen: ['animal'],
      dropped: ['beast', 'dog'],
      seen: ['plant', 'planet'],
    })
  })

  it('takes * for any characters and refuses a name that no task of the run has', () => {
    expect(held(['made/plan*', 'made/dog'], 'loose').unseen).toEqual(['dog', 'plant', 'planet'])
    expect(() => held(['made/plants'], 'loose')).toThrow(expect.objectContaining({ code: 'TASK_UNKNOWN' }))
  })
})

describe('holdOut of combinations', () => {
  /** 4 relations × 10 categories of which each two overlap by more than half. */
  const made = range(0, 4).flatMap((relation) =>
    range(0, 10).map((category) => ({
      id: `r${relation}.c${category}`,
      members: range(10 * (category >> 1), 10 * (category >> 1) + 9 - (category & 1)),
      factors: { relation: `r${relation}`, category: `c${category}` },
    })),
  )
  const tasks = makeTasks('made', made)
  const cluster = ({ factors }: Task) => Number(factors!.category.slice(1)) >> 1
  const relation = ({ factors }: Task) => factors!.relation

  it('holds out whole category clusters and whole combinations, both parts of which are trained', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0.1, max: 0.6, noNaN: true }), (seed, unseen) => {
        const split = holdOut(tasks, { unseen, mode: 'combinations', seed })
        expect(ids([...split.seen, ...split.unseen, ...split.dropped]).sort()).toEqual(ids(tasks).sort())
        expect(split.unseen.length).toBeLessThanOrEqual(Math.max(2, unseen * tasks.length))
        const clusters = new Set(split.seen.map(cluster))
        const pairs = new Set(split.seen.map((task) => `${relation(task)} ${cluster(task)}`))
        const categories = new Set(split.seen.map(({ factors }) => factors!.category))
        const relations = new Set(split.seen.map(relation))
        for (const task of split.unseen) {
          if (!clusters.has(cluster(task))) continue
          expect(pairs.has(`${relation(task)} ${cluster(task)}`)).toBe(false)
          expect(categories.has(task.factors!.category)).toBe(true)
          expect(relations.has(relation(task))).toBe(true)
        }
        const ofCategories = split.unseen.filter((task) => !clusters.has(cluster(task)))
        expect(ofCategories.length).toBeLessThanOrEqual(Math.max(1, (unseen / 2) * tasks.length))
      }),
    )
  })

  it('gives half of the share to each, by the seed', () => {
    const { seen, unseen, dropped } = holdOut(tasks, { unseen: 0.4, mode: 'combinations', seed: 1 })
    const clusters = new Set(seen.map(cluster))
    const ofCategories = unseen.filter((task) => !clusters.has(cluster(task)))
    expect([ofCategories.length, unseen.length, dropped.length]).toEqual([8, 16, 0])
    expect(ids(holdOut(tasks, { unseen: 0.4, mode: 'combinations', seed: 1 }).unseen)).toEqual(ids(unseen))
    expect(ids(holdOut(tasks, { unseen: 0.4, mode: 'combinations', seed: 2 }).unseen)).not.toEqual(
      ids(unseen),
    )
  })

  it('drops a drawn combination whose category nothing else trains', () => {
    const lonely = makeTasks('made', [
      ...made.slice(0, 10),
      { id: 'r9.c99', members: [90, 91], factors: { relation: 'r9', category: 'c99' } },
    ])
    const drawn = range(0, 30).map((seed) => holdOut(lonely, { unseen: 0.5, mode: 'combinations', seed }))
    const dropped = drawn.filter((split) => ids(split.dropped).includes('r9.c99'))
    expect(dropped.length).toBeGreaterThan(0)
    for (const split of dropped) expect(ids(split.unseen)).not.toContain('r9.c99')
  })

  it('takes tasks held out by name as they are', () => {
    const { seen, unseen } = holdOut(tasks, { unseen: ['made/r1.*'], mode: 'combinations', seed: 1 })
    expect(new Set(unseen.map(relation))).toEqual(new Set(['r1']))
    expect(seen).toHaveLength(30)
  })

  it('is TASK_UNUSABLE for cards that are of one piece', () => {
    const plain = makeTasks('made', [{ id: 'a', members: [1] }])
    expect(() => holdOut(plain, { unseen: 0.2, mode: 'combinations', seed: 1 })).toThrow(
      expect.objectContaining({ code: 'TASK_UNUSABLE' }),
    )
  })
})
