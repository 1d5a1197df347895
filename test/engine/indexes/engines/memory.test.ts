import { appendFile, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memory } from '../../../../src/main/engine/indexes/engines/memory'
import { createMatrix, row } from '../../../../src/main/engine/numeric/matrix'
import { createCorpusIndex } from '../../../../src/main/engine/retrieval/corpus-index'
import { toHydraError } from '../../../../src/shared/errors'
import { unitRows } from '../../tiny-task'
import { expectExact, madeDocuments, madeOf, pushMade } from '../made-rows'
import { behavesAsIndex } from '../store-behaviour'

let place: string
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'hydra-index-'))
})
afterAll(() => rm(place, { recursive: true, force: true }))

const open = (name: string, options: Partial<Parameters<typeof memory.open>[1]> = {}) =>
  memory.open({ name, folder: join(place, name) }, { heldMegabytes: 1, threads: 1, ...options })

describe('the index in files', () => {
  behavesAsIndex(open)

  it('gives the ranking of the exact corpus index, whether its vectors are held or read', async () => {
    const documents = unitRows(900, 24, 1)
    const queries = unitRows(7, 24, 2)
    const ids = Array.from({ length: 900 }, (_, i) => `d${(i * 7919) % 10007}`)
    const index = await createCorpusIndex({ documents, ids })
    const expected = await index.rank(queries, { depth: 50 })
    await index.dispose()
    for (const heldMegabytes of [0, 64]) {
      const store = await open(`held ${heldMegabytes}`, { heldMegabytes })
      await store.prepare(24)
      const rows = ids.map((id, i) => ({
        key: String(i).padStart(32, '0'),
        id,
        metadata: {},
        vector: row(documents, i),
      }))
      for (let start = 0; start < 900; start += 256) await store.stage(rows.slice(start, start + 256))
      await store.commit({ version: 1, generation: 1, ...madeOf(24), documents: 900, pushedAt: '' }, [])
      for (let time = 0; time < 2; time++) {
        const found = await store.search(queries, { k: 50 })
        found.forEach((hits, q) => {
          expect(hits.map(({ id }) => id)).toEqual(
            Array.from(expected[q].documents, (document) => ids[document]),
          )
        })
      }
      await store.close()
    }
  })

  it('cuts off what a write that was broken off has left', async () => {
    const store = await open('torn')
    const documents = madeDocuments(20)
    await pushMade(store, documents)
    const segments = join(place, 'torn', 'segments')
    const [lines, vectors] = (await readdir(segments)).sort((a, b) => b.length - a.length).reverse()
    await appendFile(join(segments, lines), '{"key":"half of a li')
    await appendFile(join(segments, vectors), Buffer.alloc(100))
    await expectExact(store, documents, { k: 5 })
    const more = madeDocuments(25)
    expect((await pushMade(store, more)).counts).toMatchObject({ written: 5, kept: 20 })
    await expectExact(store, more, { k: 5 })
    await store.close()
  })

  it('says so where vectors are missing, and serves none', async () => {
    const store = await open('damaged', { heldMegabytes: 0 })
    await pushMade(store, madeDocuments(20))
    const segments = join(place, 'damaged', 'segments')
    const vectors = (await readdir(segments)).find((name) => name.endsWith('.f32')) as string
    await writeFile(join(segments, vectors), (await readFile(join(segments, vectors))).subarray(0, 640))
    const query = createMatrix(1, 16)
    await expect(store.search(query, { k: 5 })).rejects.toMatchObject({ code: 'FILE_INVALID' })
    await store.close()
  })

  it.skipIf(process.platform !== 'linux')('leaves no file open where its lines are missing', async () => {
    const store = await open('lineless', { heldMegabytes: 0 })
    await pushMade(store, madeDocuments(20))
    const segments = join(place, 'lineless', 'segments')
    const lines = (await readdir(segments)).find((name) => name.endsWith('.jsonl')) as string
    await rm(join(segments, lines))
    await expect(store.search(createMatrix(1, 16), { k: 5 })).rejects.toThrow()
    await store.close()
    const descriptors = await readdir('/proc/self/fd')
    const files = await Promise.all(
      descriptors.map((one) => readlink(`/proc/self/fd/${one}`).catch(() => '')),
    )
    expect(files.filter((file) => file.startsWith(segments))).toEqual([])
  })

  it.skipIf(process.platform !== 'linux')(
    'says that the disk is full, and goes on when it is not',
    async () => {
      const store = await open('full')
      const documents = madeDocuments(20)
      await pushMade(store, documents)
      const segments = join(place, 'full', 'segments')
      const lines = (await readdir(segments)).find((name) => name.endsWith('.jsonl')) as string
      const kept = await readFile(join(segments, lines))
      // Opened before the disk fills: the device that is always full stands in for the file of lines.
      await store.prepare(16)
      await rm(join(segments, lines))
      await symlink('/dev/full', join(segments, lines))
      const rows = madeDocuments(1).map(({ id, metadata }) => ({
        key: 'f'.repeat(32),
        id,
        metadata,
        vector: new Float32Array(16),
      }))
      const failure = await store.stage(rows).catch(toHydraError)
      expect(failure).toMatchObject({ code: 'DISK_FULL' })
      await rm(join(segments, lines))
      await writeFile(join(segments, lines), kept)
      const more = madeDocuments(22)
      expect((await pushMade(store, more)).counts).toMatchObject({ written: 2, kept: 20, deleted: 0 })
      await expectExact(store, more, { k: 5 })
      await store.close()
    },
  )
})
