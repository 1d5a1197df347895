import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { milvus } from '../../../../src/main/engine/indexes/engines/milvus'
import { loadClient } from '../../../../src/main/engine/indexes/load-client'
import { markedStore } from '../../../../src/main/engine/indexes/marked-store'
import {
  connectMilvus,
  type Milvus,
  milvusError,
} from '../../../../src/main/engine/indexes/milvus/connect-milvus'
import { milvusRows } from '../../../../src/main/engine/indexes/milvus/milvus-rows'
import { isInstalled } from '../../../../src/main/engine/registry/installed-package'
import { pythonHas } from '../../../readme-snippets'
import { waitUntil } from '../../../wait-until'
import { encodeTexts, expectExact, madeDocuments, pushMade } from '../made-rows'
import { startMilvus } from '../milvus-server'
import { behavesAsIndex } from '../store-behaviour'

// Its client prints every call where it sees that a test runs.
vi.stubEnv('NODE_ENV', 'production')

const hasClient = isInstalled('@zilliz/milvus2-sdk-node')
if (!hasClient)
  console.log(`skipped: an index of Milvus, its client is not installed (${milvus.client?.command})`)
const isHere = hasClient && pythonHas(['milvus_lite', 'pymilvus'], 'an index of Milvus')

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ code }) => code,
  )

/** Its client, and the names of the calls that went through it. */
function watched({ MilvusClient }: Milvus) {
  const calls: string[] = []
  const watchedCalls: ProxyHandler<InstanceType<typeof MilvusClient>> = {
    get(client, name) {
      const member = Reflect.get(client, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        calls.push(String(name))
        return member.apply(client, args)
      }
    },
  }
  const sdk: Milvus = {
    MilvusClient: new Proxy(MilvusClient, {
      construct: (Client, [options]) => new Proxy(new Client(options), watchedCalls),
    }),
  }
  return { sdk, calls }
}

describe.skipIf(!isHere)('an index of Milvus, on milvus-lite', { timeout: 60_000 }, () => {
  let server: Awaited<ReturnType<typeof startMilvus>>
  beforeAll(async () => {
    server = await startMilvus()
  })
  afterAll(() => server.end())
  const open = (name: string, options: object = {}) =>
    milvus.open({ name, folder: '' }, milvus.options.parse({ address: server.address, ...options }))

  behavesAsIndex(open)

  it('finds by HNSW what a full search finds, and refuses to be exact then', async () => {
    const store = await open('graph', { index: 'hnsw' })
    const documents = madeDocuments(300)
    await pushMade(store, documents)
    await expectExact(store, documents, { k: 10 })
    expect(await codeOf(store.search(encodeTexts(['x']), { k: 5, exact: true }))).toBe('INDEX_UNSUITABLE')
    await store.close()
  })

  it('writes no row for a query, whatever head it went through', async () => {
    const { sdk, calls } = watched(await loadClient<Milvus>('@zilliz/milvus2-sdk-node', 'unused'))
    const connection = connectMilvus(sdk, { address: server.address })
    const store = markedStore(milvusRows(connection, 'cards', milvus.options.parse({})))
    await pushMade(store, madeDocuments(20))
    expect(calls).toContain('upsert')
    calls.length = 0
    const first = await store.search(encodeTexts(['through one head']), { k: 5 })
    expect(await store.search(encodeTexts(['through another']), { k: 5 })).not.toEqual(first)
    // All that was asked of Milvus, and nothing of it writes.
    expect(new Set(calls)).toEqual(new Set(['hasCollection', 'query', 'search']))
    await store.close()
  })

  it('says that the server went away in the middle of a push, which goes on when it is back', async () => {
    const store = await open('lost')
    const documents = madeDocuments(30)
    await pushMade(store, documents)
    const more = madeDocuments(60)
    const cut = {
      ...store,
      async stage(rows: Parameters<typeof store.stage>[0]) {
        await store.stage(rows.slice(0, 10))
        await server.stop()
        await store.stage(rows.slice(10))
      },
    }
    expect(await codeOf(pushMade(cut, more))).toBe('INDEX_UNREACHABLE')
    await store.close()
    await server.start()
    // The client holds on for a second to that nobody answers there.
    await waitUntil(() => codeOf(open('lost').then((one) => one.close())).then((code) => code === null))
    const again = await open('lost')
    await expectExact(again, documents, { k: 10 })
    const { counts } = await pushMade(again, more)
    expect(counts).toMatchObject({ documents: 60, written: 20, kept: 40, deleted: 0 })
    await expectExact(again, more, { k: 10 })
    await again.close()
  })

  it('says that nobody answers', async () => {
    expect(await codeOf(open('nobody', { address: '127.0.0.1:1' }))).toBe('INDEX_UNREACHABLE')
  })
})

describe('a Milvus server', () => {
  const connect = (version: string) =>
    connectMilvus(
      {
        MilvusClient: class {
          getVersion = async () => ({ version, status: { code: 0, error_code: 'Success' } })
          closeConnection = async () => undefined
        },
      } as unknown as Milvus,
      { address: 'host' },
    )

  it.each(['v2.5.4', '2.3.0', 'milvus_lite-2.4.11'])('of version %s is refused', async (version) => {
    expect(await codeOf(connect(version).requireVersion())).toBe('INDEX_UNSUITABLE')
  })

  it.each(['v2.6.0', '3.0.1', 'milvus_lite-3.2.2'])('of version %s is taken', async (version) => {
    expect(await codeOf(connect(version).requireVersion())).toBeNull()
  })

  it.each([
    [{ code: 14, message: '14 UNAVAILABLE: No connection established' }, 'INDEX_UNREACHABLE'],
    [{ code: 4, message: '4 DEADLINE_EXCEEDED' }, 'INDEX_UNREACHABLE'],
    [{ code: 100, error_code: 'CollectionNotExists', reason: 'collection not found' }, 'INDEX_UNKNOWN'],
    [{ code: 65535, error_code: 'UnexpectedError', reason: 'write: no space left on device' }, 'DISK_FULL'],
    [
      { code: 6, error_code: 6, reason: 'data has 2 elements, expected num_rows(1) * dim(4) = 4' },
      'INDEX_MISMATCH',
    ],
    [{ code: 1401, error_code: 'PermissionDenied', reason: 'permission deny' }, 'INDEX_REFUSED'],
    [new Error('something of our own'), 'INTERNAL'],
  ])('that answers %j is told as %s', (error, expected) => {
    expect(milvusError(error, 'host').code).toBe(expected)
  })
})
