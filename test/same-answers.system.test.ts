import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeHead } from '../src/main/engine/exporting/head-file'
import { applyHead } from '../src/main/engine/hypernet/head'
import { indexEngines } from '../src/main/engine/indexes/engines'
import type { Matrix } from '../src/main/engine/numeric/matrix'
import { isInstalled } from '../src/main/engine/registry/installed-package'
import { findSpec, parseOptions } from '../src/main/engine/registry/registry'
import { operationContext } from '../src/main/jobs/processes/operation-context'
import { createWarmEngine } from '../src/main/pipeline/playground/warm-engine'
import { indexDataFolder } from '../src/main/workspace/index-files'
import { type Commands, commandLine } from './command-line'
import { startMilvus } from './engine/indexes/milvus-server'
import { startPostgres } from './engine/indexes/postgres-server'
import { pythonHas } from './readme-snippets'

/** A collection with train and test queries, as SciFact; some minutes, so only where it is asked for (docs/scale.md). */
const COLLECTION = process.env.HYDRA_TEST_COLLECTION
const K = 10

describe.skipIf(!COLLECTION)('one head, pushed to each engine', { timeout: 1_800_000 }, () => {
  let workspace: string
  let commands: Commands
  let collection: string
  /** [queries, d] through the head */
  let queries: Matrix
  let asked: string[]
  let ours: Map<string, string[]>

  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'hydra-answers-'))
    commands = commandLine(workspace)
    const { json } = commands
    collection = (await json('datasets', 'import', COLLECTION as string)).id
    const steps = ['--steps', '20', '--rows', 'frozen,task card']
    const { run } = await json('train', '--tasks', collection, ...steps)
    // The card as the table without examples shows it, so that its run file is what this head ranks.
    const bare = { ...(await json('cards', 'show', collection)), examples: [] }
    await writeFile(join(workspace, 'bare.json'), JSON.stringify(bare))
    const choice = [
      '--card',
      join(workspace, 'bare.json'),
      '--hand-out',
      'task-card',
      '--format',
      'safetensors',
    ]
    const { file } = await json('export', run, ...choice)
    ours = await rankings(join(workspace, 'runs', run, 'trec', 'seen-k0.task-card.run'))
    asked = [...ours.keys()]
    const lines = (await readFile(join(workspace, 'datasets', collection, 'queries.jsonl'), 'utf8')).trimEnd()
    const texts = new Map<string, string>(
      lines.split('\n').map((line) => {
        const { _id, text } = JSON.parse(line)
        return [_id, text]
      }),
    )
    const never = new AbortController().signal
    const work = operationContext(
      {
        workspace,
        appRoot: resolve(import.meta.dirname, '..'),
        emit: () => {},
        signal: never,
        pause: never,
      },
      createWarmEngine(),
    )
    const encoder = await work.openEncoder('all-MiniLM-L6-v2')
    const vectors = await encoder.encode(
      asked.map((id) => texts.get(id) as string),
      { role: 'query' },
    )
    await encoder.dispose()
    queries = applyHead(decodeHead(await readFile(file), file).head, vectors)
  }, 1_800_000)
  afterAll(() => rm(workspace, { recursive: true, force: true }))

  async function expectOurs(engine: string, options: Record<string, unknown> = {}): Promise<void> {
    const words = Object.entries(options).flatMap(([name, value]) => ['--set', `${name}=${value}`])
    await commands.json('index', 'push', '--collection', collection, '--engine', engine, ...words)
    const spec = findSpec('index', indexEngines, engine)
    const place = { name: collection, folder: indexDataFolder(workspace, engine, collection) }
    const store = await spec.open(place, parseOptions('index', spec, options))
    try {
      // A query's own document leaves every ranking of ours; an index knows of queries nothing.
      const found = await store.search(queries, { k: K + 1, exact: true })
      const same = asked.filter((query, q) => {
        const ids = found[q].map(({ id }) => id).filter((id) => id !== query)
        return JSON.stringify(ids.slice(0, K)) === JSON.stringify(ours.get(query))
      })
      console.log(`${engine}: the same top ${K} for ${same.length} of ${asked.length} queries`)
      expect(same).toEqual(asked)
    } finally {
      await store.close()
    }
  }

  const has = (engine: string) => {
    const { client } = findSpec('index', indexEngines, engine)
    return !client || isInstalled(client.name)
  }

  it('memory', () => expectOurs('memory'))

  it('pgvector', async () => {
    const server = await startPostgres()
    try {
      await expectOurs('pgvector', { url: server.url })
    } finally {
      await server.stop()
    }
  })

  it.skipIf(!has('lancedb'))('lancedb', () => expectOurs('lancedb'))

  it.skipIf(!has('milvus') || !pythonHas(['milvus_lite'], 'one head in Milvus'))('milvus', async () => {
    const server = await startMilvus()
    try {
      await expectOurs('milvus', { address: server.address })
    } finally {
      await server.end()
    }
  })
})

/** The first K documents of each query of a run file. */
async function rankings(file: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const line of (await readFile(file, 'utf8')).trimEnd().split('\n')) {
    const [query, , document] = line.split(' ')
    const documents = found.get(query) ?? []
    if (documents.length < K) documents.push(document)
    found.set(query, documents)
  }
  return found
}
