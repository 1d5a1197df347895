import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../../src/main/engine/datasets/collection'
import { holdOut } from '../../../src/main/engine/datasets/hold-out/hold-out'
import { nearestTrained } from '../../../src/main/engine/datasets/nearest-trained'
import type { HoldOut } from '../../../src/shared/schemas/run'
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

  const inside = (a: Task, b: Task) => shared(a, b) > 0.5 * setOf(a).size
  it.each([
    ['strict', (trained: Task, unseen: Task) => inside(trained, unseen) || inside(unseen, trained)],
    ['one-way', inside],
    ['loose', () => false],
  ] as const)(
    '%s holds out the same whole clusters, and drops exactly what its rule forbids',
    (mode, forbids) => {
      fc.assert(
        fc.property(cards, seeds, (tasks, seed) => {
          const loose = holdOut(tasks, { unseen: 0.3, mode: 'loose', seed })
          const { seen, unseen, dropped } = holdOut(tasks, { unseen: 0.3, mode, seed })
          expect(unseen).toEqual(loose.unseen)
          const isForbidden = (task: Task) => unseen.some((one) => forbids(task, one))
          expect(dropped).toEqual(loose.seen.filter(isForbidden))
          expect(seen).toEqual(loose.seen.filter((task) => !isForbidden(task)))
        }),
      )
    },
  )

  it('strict leaves no pair of a trained and an unseen card nested, drawn or named', () => {
    fc.assert(
      fc.property(cards, seeds, fc.double({ min: 0.05, max: 0.9, noNaN: true }), (tasks, seed, share) => {
        const named = [`made/c${seed % tasks.length}`]
        for (const unseen of [share, named]) {
          const split = holdOut(tasks, { unseen, mode: 'strict', seed })
          for (const a of split.unseen)
            for (const b of split.seen)
              expect(2 * shared(a, b)).toBeLessThanOrEqual(Math.min(setOf(a).size, setOf(b).size))
          const nearest = nearestTrained(split.unseen, split.seen)
          expect(nearest.every((one) => one.nearness !== 'nested' && !one.inside)).toBe(true)
        }
      }),
    )
  })

  it('draws at random, whatever it leaves to train', () => {
    // Two broad cards hold ten narrow ones each for the larger part; twenty others stand alone.
    const broad = [range(0, 40), range(40, 80)]
    const narrow = range(0, 20).map((i) => [...range(i * 4, i * 4 + 3), 100 + i])
    const alone = range(0, 20).map((i) => range(200 + 3 * i, 203 + 3 * i))
    const tasks = makeTasks(
      'made',
      [...broad, ...narrow, ...alone].map((members, i) => ({ id: `c${i}`, members })),
    )
    const draws = range(0, 200).map((seed) =>
      ids(holdOut(tasks, { unseen: 0.2, mode: 'strict', seed }).unseen),
    )
    const times = tasks.map(({ card }) => draws.filter((drawn) => drawn.includes(card.id)).length)
    // Each of 42 cards is one of the eight in 38 of 200 draws, give or take 5.5.
    expect(Math.min(...times)).toBeGreaterThan(38 - 4 * 5.5)
    expect(Math.max(...times)).toBeLessThan(38 + 4 * 5.5)
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
  const held = (unseen: string[], mode: HoldOut) => {
    const result = holdOut(tasks, { unseen, mode, seed: 1 })
    return { unseen: ids(result.unseen), dropped: ids(result.dropped), seen: ids(result.seen) }
  }

  it('drops what is nearly the same card, one-way what lies inside it, under strict also what holds it', () => {
    expect(held(['made/animal'], 'loose')).toEqual({
      unseen: ['animal'],
      dropped: ['beast'],
      seen: ['dog', 'plant', 'planet'],
    })
    for (const mode of ['one-way', 'strict'] as const) {
      expect(held(['made/animal'], mode)).toEqual({
        unseen: ['animal'],
        dropped: ['beast', 'dog'],
        seen: ['plant', 'planet'],
      })
    }
    expect(held(['made/dog'], 'one-way').dropped).toEqual([])
    expect(held(['made/dog'], 'strict').dropped).toEqual(['animal'])
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

  const factored = fc
    .array(fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 15 }), {
      minLength: 4,
      maxLength: 12,
    })
    .map((categories) =>
      makeTasks(
        'made',
        categories.flatMap((members, c) =>
          range(0, 3).map((r) => ({
            id: `r${r}.c${c}`,
            members,
            factors: { relation: `r${r}`, category: `c${c}` },
          })),
        ),
      ),
    )

  it('trains no category that is nested with a held-out one, either way', () => {
    fc.assert(
      fc.property(factored, seeds, (tasks, seed) => {
        const { seen, unseen, dropped } = holdOut(tasks, { unseen: 0.4, mode: 'combinations', seed })
        expect(seen.length + unseen.length + dropped.length).toBe(tasks.length)
        const trained = new Set(seen.map(({ factors }) => factors!.category))
        for (const task of unseen) {
          if (trained.has(task.factors!.category)) continue
          expect(nearestTrained([task], seen)[0].nearness).not.toBe('nested')
        }
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
