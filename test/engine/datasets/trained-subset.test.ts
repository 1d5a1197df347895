import { describe, expect, it } from 'vitest'
import { trainedSubset } from '../../../src/main/engine/datasets/hold-out/trained-subset'
import { listTasks } from '../../../src/main/engine/datasets/tasks'
import { makeCollection } from './made-collection'

/** Twelve corpora of two cards each. */
const tasks = Array.from({ length: 12 }, (_, i) =>
  listTasks(
    makeCollection(
      `c${String(i).padStart(2, '0')}`,
      ['a', 'b'].map((id) => ({ id, test: [[0, [[0, 1]]]] })),
      { documents: ['text'], queries: ['text'] },
      'family',
    ),
  ),
).flat()
const idsOf = (count: number, seed = 1, mode: 'strict' | 'corpora' = 'strict', of = tasks) =>
  trainedSubset(of, { count, mode, seed }).map(({ id }) => id)

describe('trainedSubset', () => {
  it('nests: a smaller subset lies within every larger one of the same seed, up to all', () => {
    let before: string[] = []
    for (const count of [1, 2, 5, 11, 24]) {
      const ids = idsOf(count)
      expect(ids).toHaveLength(count)
      expect(ids).toEqual(expect.arrayContaining(before))
      before = ids
    }
    expect(before).toEqual(tasks.map(({ id }) => id))
  })

  it('is drawn by the seed and by nothing else: not by the order in which tasks are named', () => {
    expect(idsOf(5, 2)).not.toEqual(idsOf(5, 1))
    expect(idsOf(5, 1, 'strict', tasks.toReversed()).toReversed()).toEqual(idsOf(5))
  })

  it('counts whole corpora where these are held out', () => {
    const ids = idsOf(3, 1, 'corpora')
    expect(ids).toHaveLength(6)
    expect(new Set(ids.map((id) => id.split('/')[0])).size).toBe(3)
    expect(idsOf(5, 1, 'corpora')).toEqual(expect.arrayContaining(ids))
  })

  it('refuses more than there are', () => {
    expect(() => idsOf(25)).toThrow(expect.objectContaining({ code: 'USAGE' }))
    expect(() => idsOf(13, 1, 'corpora')).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})
