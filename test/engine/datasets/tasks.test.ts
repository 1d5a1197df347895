import { describe, expect, it } from 'vitest'
import type { Collection } from '../../../src/main/engine/datasets/collection'
import { resolveTasks } from '../../../src/main/engine/datasets/tasks'
import { HydraError } from '../../../src/shared/errors'
import { makeCollection } from './made-collection'

const texts = { documents: ['a'], queries: ['b'] }
const collections: Record<string, Collection> = {
  plain: makeCollection('plain', [{ id: 'plain' }], texts),
  'kind.a': makeCollection('kind.a', [{ id: 'kind.a' }], texts),
  'kind.b': makeCollection('kind.b', [{ id: 'kind.b' }], texts),
  kinds: makeCollection('kinds', [{ id: 'kinds' }], texts),
  many: makeCollection('many', [{ id: 'n01' }, { id: 'n02' }, { id: 'n12' }], texts),
}
const loads: string[] = []
async function load(id: string): Promise<Collection> {
  loads.push(id)
  if (id in collections) return collections[id]
  throw new HydraError('DATASET_UNKNOWN', { expected: 'a dataset', got: id, remedy: 'import it' })
}
const ids = async (...patterns: string[]) =>
  (await resolveTasks(patterns, Object.keys(collections), load)).map(({ id }) => id)

describe('resolveTasks', () => {
  it('knows a dataset, one card and all cards, each task once and each dataset loaded once', async () => {
    expect(await ids('plain')).toEqual(['plain'])
    expect(await ids('plain/*')).toEqual(['plain'])
    expect(await ids('plain/plain')).toEqual(['plain'])
    loads.length = 0
    expect(await ids('many/n12', 'plain', 'many/*')).toEqual(['many/n12', 'plain', 'many/n01', 'many/n02'])
    expect(loads).toEqual(['many', 'plain'])
  })

  it('takes * in a card id for any characters, and a dot for a dot', async () => {
    expect(await ids('many/n0*')).toEqual(['many/n01', 'many/n02'])
    expect(await ids('many/*2')).toEqual(['many/n02', 'many/n12'])
    await expect(ids('many/n.2')).rejects.toMatchObject({ code: 'TASK_UNKNOWN' })
  })

  it('takes * in a dataset for any characters: a family by its name and a dot', async () => {
    expect(await ids('kind.*')).toEqual(['kind.a', 'kind.b'])
    expect(await ids('kind.b', 'kind*')).toEqual(['kind.b', 'kind.a', 'kinds'])
    expect(await ids('*/n02')).toEqual(['many/n02'])
    await expect(ids('none.*')).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
  })

  it.each([
    ['many', /many\/\*/],
    ['many/n3', /many\/n/],
    ['many/name of n02', /many\/n02/],
    ['plain/other', /plain/],
  ])('%s is TASK_UNKNOWN and names near ones', async (pattern, near) => {
    await expect(ids(pattern)).rejects.toMatchObject({
      code: 'TASK_UNKNOWN',
      detail: { remedy: expect.stringMatching(near) },
    })
  })

  it("leaves an unknown dataset to the loader's error", async () => {
    await expect(ids('nothing')).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' })
  })
})
