import { describe, expect, it } from 'vitest'
import { loadRunTasks } from '../../../src/main/pipeline/datasets/load-run-tasks'
import { createWarmEngine } from '../../../src/main/pipeline/playground/warm-engine'
import { splitTasks } from '../../../src/main/pipeline/training/split-tasks'
import { type RunRecord, type TrainRequest, trainRequestSchema } from '../../../src/shared/schemas/run'
import { type MadeCard, makeCollection } from '../../engine/datasets/made-collection'
import { madeContext } from '../../made-context'

const DOCUMENTS = 70
const collectionOf = (cards: readonly MadeCard[]) =>
  makeCollection('many', cards, {
    documents: Array.from({ length: DOCUMENTS }, (_, i) => `document ${i}`),
    queries: Array.from({ length: 2 * cards.length }, (_, i) => `query ${i}`),
  })
/** A card over these documents, whose queries look for the first; without train queries where it is said. */
const card = (i: number, members: number[], trained = true): MadeCard => ({
  id: `c${i}`,
  members,
  ...(trained ? { train: [[2 * i, [[members[0], 1]]]] } : {}),
  test: [[2 * i + 1, [[members[0], 1]]]],
})
/** 20 cards of which neighbours overlap by half, and one without train queries. */
const MANY = collectionOf(
  Array.from({ length: 20 }, (_, i) => card(i, [3 * i, 3 * i + 1, 3 * i + 3, 3 * i + 4], i !== 7)),
)

const context = (collection: ReturnType<typeof collectionOf>) =>
  madeContext('/nowhere', { warm: { ...createWarmEngine(), collection: async () => collection } })
const split = (collection: ReturnType<typeof collectionOf>, request: Partial<TrainRequest>) =>
  splitTasks.run(trainRequestSchema.parse({ tasks: ['many/*'], ...request }), context(collection))

describe('split-tasks', () => {
  it.each(['strict', 'one-way', 'loose'] as const)('foretells the split of a run, %s', async (holdOut) => {
    for (const seed of [1, 2, 3]) {
      const told = await split(MANY, { unseen: 0.3, holdOut, seed })
      const request = {
        ...trainRequestSchema.parse({ tasks: ['many/*'], unseen: 0.3, holdOut, seed }),
        splitSeed: seed,
      }
      const run = {
        id: 'r',
        kind: 'train',
        recipe: null,
        datasets: [],
        seen: [],
        unseen: [],
        request,
      } as unknown as RunRecord
      const made = await loadRunTasks(run, context(MANY), async () => MANY)
      const ids = (tasks: readonly { id: string }[]) => tasks.map(({ id }) => id).sort()
      expect(told.trained.tasks).toEqual(ids(made.seen))
      expect(told.heldOut.tasks).toEqual(ids(made.unseen))
      expect(told.heldOut.count).toBeGreaterThan(0)
      const left = told.leftOut.reduce((sum, { count }) => sum + count, 0)
      expect(told.trained.count + told.heldOut.count + left).toBe(told.tasks)
      expect(told.leftOut.flatMap(({ tasks }) => tasks).sort()).toEqual(ids([...made.dropped, ...made.bare]))
    }
  })

  it('holds one of two apart, and says why it holds out none of two that go together', async () => {
    const apart = collectionOf([card(0, [0, 1, 2]), card(1, [10, 11, 12])])
    expect(await split(apart, { unseen: 0.2 })).toMatchObject({
      trained: { count: 1 },
      heldOut: { count: 1 },
      notes: [],
    })
    const together = collectionOf([card(0, [0, 1, 2, 3]), card(1, [0, 1, 2, 3])])
    const told = await split(together, { unseen: 0.2 })
    expect(told).toMatchObject({ trained: { count: 2 }, heldOut: { count: 0 }, leftOut: [] })
    expect(told.notes).toHaveLength(1)
  })

  it('trains so many as are asked for, a few within many, and holds out the same whatever that is', async () => {
    const asked = { unseen: 0.3, holdOut: 'loose', seed: 1, splitSeed: 2 } as const
    const all = await split(MANY, asked)
    let before: string[] = []
    for (const trained of [2, 5, all.trained.count]) {
      const some = await split(MANY, { ...asked, trained })
      expect(some.trained.count).toBe(trained)
      expect(some.trained.tasks).toEqual(expect.arrayContaining(before))
      expect(some.heldOut).toEqual(all.heldOut)
      const left = some.leftOut.reduce((sum, { count }) => sum + count, 0)
      expect(some.trained.count + some.heldOut.count + left).toBe(some.tasks)
      before = some.trained.tasks
    }
    expect(before).toEqual(all.trained.tasks)
    await expect(split(MANY, { ...asked, trained: all.trained.count + 1 })).rejects.toMatchObject({
      code: 'USAGE',
    })
  })

  it('meets the errors that starting would meet', async () => {
    const bare = collectionOf([card(0, [0, 1], false)])
    await expect(split(bare, {})).rejects.toMatchObject({ code: 'TASK_UNUSABLE' })
  })
})
