import { expect, it } from 'vitest'
import type { Task } from '../../../src/main/engine/datasets/collection'
import { leaveOut, usualClusters } from '../../../src/main/engine/datasets/hold-out/leave-out'

const task = (corpus: string, documents: readonly number[], family?: string) =>
  ({
    id: `${corpus}/${documents.join('-')}`,
    collection: { id: corpus, family },
    members: Int32Array.from(documents),
  }) as unknown as Task
const pairs = Array.from({ length: 10 }, (_, i) => [
  task('one', [3 * i, 3 * i + 1]),
  task('one', [3 * i, 3 * i + 1]),
])
const options = { clusters: 3, mode: 'strict', seed: 1 } as const

it('takes whole clusters of overlapping cards, the same for the same seed, at most half of them', () => {
  const tasks = pairs.flat()
  const left = leaveOut(tasks, options)
  expect(left).toHaveLength(6)
  for (const pair of pairs) expect(pair.filter((one) => left.includes(one)).length % 2).toBe(0)
  expect(leaveOut(tasks, options)).toEqual(left)
  expect(leaveOut(tasks, { ...options, seed: 2 })).not.toEqual(left)
  expect(leaveOut(tasks, { ...options, clusters: 40 })).toHaveLength(10)
})

it('takes whole corpora, or families, where these are held out', () => {
  const tasks = ['a', 'b', 'c', 'd'].flatMap((corpus, i) =>
    [0, 1].map((place) => task(`kind${i % 2}.${corpus}`, [place], `kind${i % 2}`)),
  )
  const idsOf = (mode: 'corpora' | 'families') =>
    leaveOut(tasks, { ...options, clusters: 1, mode }).map(({ collection }) => collection.id)
  expect(new Set(idsOf('corpora')).size).toBe(1)
  expect(idsOf('corpora')).toHaveLength(2)
  expect(idsOf('families')).toHaveLength(4)
})

it('leaves no ordinary collection out where families have corpora to spare', () => {
  const tasks = [task('alone', [0]), ...['a', 'b', 'c'].map((corpus) => task(`kind.${corpus}`, [0], 'kind'))]
  for (const seed of [1, 2, 3, 4, 5])
    expect(
      leaveOut(tasks, { clusters: 2, mode: 'corpora', seed }).map(({ collection }) => collection.id),
    ).not.toContain('alone')
  expect(leaveOut([tasks[0], task('other', [0])], { clusters: 1, mode: 'corpora', seed: 1 })).toHaveLength(1)
})

it('leaves 20 corpora out unasked where families have a hundred to train, and nothing else', () => {
  const family = (count: number) => Array.from({ length: count }, (_, i) => task(`kind.${i}`, [0], 'kind'))
  expect(usualClusters(family(100), 'corpora')).toBe(20)
  expect(usualClusters(family(99), 'corpora')).toBe(0)
  expect(usualClusters(family(100), 'families')).toBe(0)
  expect(
    usualClusters(
      Array.from({ length: 300 }, (_, i) => task('one', [i])),
      'strict',
    ),
  ).toBe(0)
})
