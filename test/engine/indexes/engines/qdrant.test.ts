import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qdrant } from '../../../../src/main/engine/indexes/engines/qdrant'
import { qdrantError } from '../../../../src/main/engine/indexes/qdrant/connect-qdrant'
import { encodeTexts, expectExact, madeDocuments, pushMade } from '../made-rows'
import { startQdrant } from '../qdrant-stand-in'
import { behavesAsIndex } from '../store-behaviour'

let server: Awaited<ReturnType<typeof startQdrant>>
beforeAll(async () => {
  server = await startQdrant()
})
afterAll(() => server.stop())

const open = (name: string, url = server.url) =>
  qdrant.open({ name, folder: '' }, qdrant.options.parse({ url }))
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ code }) => code,
  )

describe('an index of Qdrant, before a stand-in for its server', () => {
  behavesAsIndex(open)

  it('writes no point for a query, whatever head it went through', async () => {
    const store = await open('cards')
    await pushMade(store, madeDocuments(20))
    const { written } = server.seen
    const first = await store.search(encodeTexts(['through one head']), { k: 5 })
    expect(await store.search(encodeTexts(['through another']), { k: 5 })).not.toEqual(first)
    expect(server.seen.written).toBe(written)
  })

  it.each([
    [503, 'Service unavailable', 'INDEX_UNREACHABLE'],
    [507, 'No space left on device', 'DISK_FULL'],
    [403, 'Forbidden', 'INDEX_REFUSED'],
  ])('that answers %i in the middle of a push says so, and the push goes on', async (status, error, code) => {
    const store = await open(`failing ${status}`)
    const documents = madeDocuments(30)
    await pushMade(store, documents)
    const more = madeDocuments(50)
    const failing = {
      ...store,
      async stage(rows: Parameters<typeof store.stage>[0]) {
        await store.stage(rows.slice(0, 5))
        server.seen.failing = { status, error }
        await store.stage(rows.slice(5))
      },
    }
    try {
      expect(await codeOf(pushMade(failing, more))).toBe(code)
    } finally {
      server.seen.failing = null
    }
    await expectExact(store, documents, { k: 10 })
    expect((await pushMade(store, more)).counts).toMatchObject({ written: 15, kept: 35 })
    await expectExact(store, more, { k: 10 })
  })

  it('says that a server is too old, and that nobody answers', async () => {
    const old = await startQdrant({ version: '1.9.2' })
    expect(await codeOf(open('old', old.url))).toBe('INDEX_UNSUITABLE')
    await old.stop()
    expect(await codeOf(open('gone', old.url))).toBe('INDEX_UNREACHABLE')
  })

  it('tells what is not the server’s as a fault of ours', () => {
    expect(qdrantError(new Error('something of our own'), 'http://host').code).toBe('INTERNAL')
  })
})
