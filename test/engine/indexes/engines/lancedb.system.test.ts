import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lancedb } from '../../../../src/main/engine/indexes/engines/lancedb'
import { row } from '../../../../src/main/engine/numeric/matrix'
import { isInstalled } from '../../../../src/main/engine/registry/installed-package'
import { encodeTexts, expectExact, madeDocuments, madeOf, pushMade } from '../made-rows'
import { behavesAsIndex } from '../store-behaviour'

const isHere = isInstalled('@lancedb/lancedb')
if (!isHere) console.log(`skipped: LanceDB is not installed (${lancedb.client?.command})`)

let place: string
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'hydra-lance-'))
})
afterAll(() => rm(place, { recursive: true, force: true }))

const open = (name: string, options: object = {}) =>
  lancedb.open({ name, folder: join(place, name) }, lancedb.options.parse(options))

describe.skipIf(!isHere)('an index of LanceDB', () => {
  behavesAsIndex(open)

  it.each(['hnsw', 'ivf-flat'])(
    'finds by %s nearly all that a full search finds, and scores it exactly',
    async (index) => {
      const store = await open(`approximate ${index}`, { index, indexedFrom: 256, partitions: 4, nprobes: 4 })
      const documents = madeDocuments(1000)
      await pushMade(store, documents)
      const queries = encodeTexts(Array.from({ length: 20 }, (_, i) => `question ${i}`))
      const exact = await store.search(queries, { k: 10, exact: true })
      const found = await store.search(queries, { k: 10 })
      const pairs = found.flatMap((hits, q) =>
        hits.map((hit) => [hit, exact[q].find(({ id }) => id === hit.id)] as const),
      )
      const shared = pairs.filter(([, same]) => same)
      expect(shared.length / 200).toBeGreaterThanOrEqual(0.95)
      for (const [hit, same] of shared) expect(hit.score).toBe(same?.score)
      await store.close()
    },
  )

  it('takes no vector of another width, of which LanceDB itself would make one of its own', async () => {
    const store = await open('odd')
    await pushMade(store, madeDocuments(5))
    const one = { key: 'k', id: 'odd', metadata: {}, vector: row(encodeTexts(['x'], 8), 0) }
    await expect(store.stage([one])).rejects.toMatchObject({ code: 'INDEX_MISMATCH' })
    await expectExact(store, madeDocuments(5), { k: 10 })
    await store.close()
  })

  it('changes no file for a query, and says that its files are gone', async () => {
    const store = await open('files')
    await pushMade(store, madeDocuments(20))
    const files = async () => (await readdir(join(place, 'files'), { recursive: true })).sort()
    const before = await files()
    await store.search(encodeTexts(['through one head', 'through another']), { k: 5 })
    expect(await files()).toEqual(before)
    await store.close()
    await rm(join(place, 'files', 'hydra_files.lance'), { recursive: true })
    const again = await open('files')
    expect(await again.manifest()).toMatchObject(madeOf())
    await expect(again.search(encodeTexts(['x']), { k: 5 })).rejects.toMatchObject({ code: 'INDEX_UNKNOWN' })
    await again.close()
  })
})

describe('an index of LanceDB where that is not installed', () => {
  it.skipIf(isHere)('says how it is', async () => {
    await expect(open('none')).rejects.toMatchObject({ code: 'INDEX_CLIENT_MISSING' })
  })
})
