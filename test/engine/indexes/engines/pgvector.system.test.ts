import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pgvector } from '../../../../src/main/engine/indexes/engines/pgvector'
import { encodeTexts, expectExact, madeDocuments, pushMade } from '../made-rows'
import { startPostgres } from '../postgres-server'
import { behavesAsIndex } from '../store-behaviour'

let server: Awaited<ReturnType<typeof startPostgres>>
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const open = (name: string, options: object = {}) =>
  pgvector.open({ name, folder: '' }, pgvector.options.parse({ url: server.url, ...options }))
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ code }) => code,
  )

describe('an index in PostgreSQL with pgvector', () => {
  behavesAsIndex(open)

  it('finds by HNSW what a full search finds, narrowed too, and scores it exactly', async () => {
    const store = await open('graph', { index: 'hnsw' })
    const documents = madeDocuments(400)
    await pushMade(store, documents)
    const graphs = await server.ask("SELECT indexdef FROM pg_indexes WHERE indexname = 'hydra_graph_hnsw'")
    expect(graphs).toHaveLength(1)
    await expectExact(store, documents, { k: 10 })
    const german = documents.filter(({ metadata }) => metadata.lang === 'de')
    await expectExact(store, german, { k: 10, where: { lang: 'de' } })
    await store.close()
  })

  it('writes no row for a query, whatever head it went through', async () => {
    const store = await open('cards')
    await pushMade(store, madeDocuments(50))
    // Version and place of every row: PostgreSQL writes a new version, elsewhere, of each row that changes.
    const rows = () => server.ask('SELECT key, xmin::text, ctid::text FROM hydra_cards ORDER BY key')
    const before = await rows()
    const first = await store.search(encodeTexts(['a query through one head']), { k: 5 })
    const second = await store.search(encodeTexts(['the same through another']), { k: 5 })
    expect(first).not.toEqual(second)
    expect(await rows()).toEqual(before)
    await store.close()
  })

  it('says that the connection was lost in the middle of a push, which goes on when it is back', async () => {
    const store = await open('lost')
    const documents = madeDocuments(30)
    await pushMade(store, documents)
    const more = madeDocuments(60)
    let staged = 0
    const cut = {
      ...store,
      async stage(rows: Parameters<typeof store.stage>[0]) {
        await store.stage(rows.slice(0, 10))
        staged = 10
        const rest = store.stage(rows.slice(10))
        server.cut()
        await rest
      },
    }
    expect(await codeOf(pushMade(cut, more))).toBe('INDEX_UNREACHABLE')
    await expectExact(store, documents, { k: 10 })
    const { counts } = await pushMade(store, more)
    expect(counts.written).toBeLessThanOrEqual(30 - staged)
    expect(counts).toMatchObject({ documents: 60, deleted: 0 })
    await expectExact(store, more, { k: 10 })
    await store.close()
  })

  it('says that nobody answers, that its tables are gone, and that a graph has at most so many dimensions', async () => {
    expect(await codeOf(open('nobody', { url: 'postgresql://127.0.0.1:1/postgres' }))).toBe(
      'INDEX_UNREACHABLE',
    )
    const store = await open('gone')
    await pushMade(store, madeDocuments(5))
    await server.ask('DROP TABLE hydra_gone')
    expect(await codeOf(store.search(encodeTexts(['a question']), { k: 5 }))).toBe('INDEX_UNKNOWN')
    await store.close()
    const wide = await open('wide', { index: 'hnsw' })
    expect(await codeOf(wide.prepare(2001))).toBe('INDEX_UNSUITABLE')
    await wide.close()
  })

  it('takes no password from an address, which would stand in a file', async () => {
    expect(await codeOf(open('secret', { url: 'postgresql://me:secret@127.0.0.1/x' }))).toBe('USAGE')
  })
})
