import { expect, it } from 'vitest'
import type { IndexStore, Metadata } from '../../../src/main/engine/indexes/index-engine'
import { HydraError } from '../../../src/shared/errors'
import {
  DIMENSIONS,
  encodeTexts,
  expectExact,
  madeDocuments,
  madeOf,
  pushMade,
  watchedStore,
} from './made-rows'

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => (error instanceof HydraError ? error.code : `no HydraError: ${error}`),
  )

/**
 * What every engine must do, whatever it is made of.
 * @param open the index of a name, reached anew: nothing of one store's memory helps another
 */
export function behavesAsIndex(open: (name: string) => Promise<IndexStore>): void {
  const search = { k: 10, exact: true }

  it('serves what was pushed, exactly, with ties by descending id', async () => {
    const store = await open('whole')
    expect(await store.manifest()).toBeNull()
    // Every text comes three times, so that a tie stands at every cut.
    const documents = madeDocuments(150, (i) => `text ${i % 50}`)
    const { counts } = await pushMade(store, documents)
    expect(counts).toEqual({ documents: 150, written: 150, kept: 0, deleted: 0 })
    await store.close()
    const again = await open('whole')
    expect(await again.manifest()).toMatchObject({ generation: 1, documents: 150, ...madeOf() })
    for (const k of [1, 2, 10, 149, 200]) await expectExact(again, documents, { ...search, k })
    await again.close()
  })

  it('narrows a search to what metadata say', async () => {
    const store = await open('narrowed')
    const documents = madeDocuments(120)
    await pushMade(store, documents)
    const narrowings: Metadata[] = [
      { lang: 'de' },
      { year: 2003 },
      { open: true, lang: 'en' },
      { lang: 'fr' },
    ]
    for (const where of narrowings) {
      const fitting = documents.filter(({ metadata }) =>
        Object.entries(where).every(([field, value]) => metadata[field] === value),
      )
      await expectExact(store, fitting, { ...search, where })
    }
    await store.close()
  })

  it('sends only what changed, deletes what is gone, and nothing where nothing changed', async () => {
    const store = await open('changing')
    const before = madeDocuments(100)
    await pushMade(store, before)
    const after = [...madeDocuments(90, (i) => (i < 5 ? `new text ${i}` : `text ${i}`))]
    const { counts, manifest } = await pushMade(store, after)
    expect(counts).toEqual({ documents: 90, written: 5, kept: 85, deleted: 15 })
    expect(manifest.generation).toBe(2)
    await expectExact(store, after, search)
    const watched = watchedStore(store)
    expect((await pushMade(watched.store, after)).manifest).toEqual(manifest)
    expect(watched.seen).toEqual({ written: 0, commits: 0 })
    // What was deleted comes back as it was.
    await pushMade(store, before)
    await expectExact(store, before, search)
    await store.close()
  })

  it('serves nothing of a push that is broken off, and the same push goes on from there', async () => {
    const store = await open('broken')
    const before = madeDocuments(60)
    await pushMade(store, before)
    const after = madeDocuments(80, (i) => (i < 10 ? `new text ${i}` : `text ${i}`))
    const broken = watchedStore(store, 12)
    await expect(pushMade(broken.store, after)).rejects.toThrow('connection lost')
    await store.close()
    const again = await open('broken')
    expect(await again.manifest()).toMatchObject({ generation: 1, documents: 60 })
    await expectExact(again, before, search)
    const { counts } = await pushMade(again, after)
    expect(counts).toEqual({ documents: 80, written: 30 - 12, kept: 62, deleted: 10 })
    await expectExact(again, after, search)
    await again.close()
  })

  it('serves nothing before the first push is finished', async () => {
    const store = await open('first')
    const broken = watchedStore(store, 7)
    await expect(pushMade(broken.store, madeDocuments(20))).rejects.toThrow('connection lost')
    expect(await store.manifest()).toBeNull()
    const { counts } = await pushMade(store, madeDocuments(20))
    expect(counts).toMatchObject({ written: 13, kept: 7 })
    await expectExact(store, madeDocuments(20), search)
    await store.close()
  })

  it('refuses vectors of another width or another encoder, and stays as it was', async () => {
    const store = await open('width')
    const documents = madeDocuments(30)
    await pushMade(store, documents)
    expect(await codeOf(pushMade(store, documents, madeOf(DIMENSIONS + 8)))).toBe('INDEX_MISMATCH')
    expect(await codeOf(pushMade(store, documents, madeOf(DIMENSIONS, 'another encoder')))).toBe(
      'INDEX_MISMATCH',
    )
    await expectExact(store, documents, search)
    const first = await open('width of a first push')
    await expect(pushMade(watchedStore(first, 3).store, documents)).rejects.toThrow()
    expect(await codeOf(pushMade(first, documents, madeOf(DIMENSIONS + 8)))).toBe('INDEX_MISMATCH')
    await first.close()
    await store.close()
  })

  it('refuses a push that another one has overtaken', async () => {
    const [slow, quick] = [await open('overtaken'), await open('overtaken')]
    await pushMade(slow, madeDocuments(10))
    const overtaken = {
      ...slow,
      async commit(...args: Parameters<IndexStore['commit']>) {
        await pushMade(quick, madeDocuments(12))
        await slow.commit(...args)
      },
    }
    expect(await codeOf(pushMade(overtaken, madeDocuments(11)))).toBe('INDEX_CHANGED')
    await expectExact(quick, madeDocuments(12), search)
    await slow.close()
    await quick.close()
  })

  it('is gone when it is dropped, and can be pushed anew in another width', async () => {
    const store = await open('dropped')
    await pushMade(store, madeDocuments(10))
    await store.drop()
    expect(await store.manifest()).toBeNull()
    await pushMade(store, madeDocuments(5), madeOf(DIMENSIONS * 2))
    const [hits] = await store.search(encodeTexts(['a question'], DIMENSIONS * 2), search)
    expect(hits).toHaveLength(5)
    await store.close()
  })
}
