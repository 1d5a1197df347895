import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { lancedb } from '../../src/main/engine/indexes/engines/lancedb'
import { memory } from '../../src/main/engine/indexes/engines/memory'
import type { IndexStore } from '../../src/main/engine/indexes/index-engine'
import { createMatrix, type Matrix, row } from '../../src/main/engine/numeric/matrix'
import { isInstalled } from '../../src/main/engine/registry/installed-package'
import { parseOptions } from '../../src/main/engine/registry/registry'
import { madeOf } from '../engine/indexes/made-rows'
import { PYTHON, pythonHas } from '../readme-snippets'
import { temporaryFolder } from '../temporary-folder'
import { clusteredVectors } from './clustered-vectors'
import { median } from './median'

/** docs/scale.md was made with 1000000. */
const DOCUMENTS = Number(process.env.HYDRA_BENCH_DOCUMENTS ?? 50_000)
const MADE = { dimensions: 384, seed: 1 }
const THREADS = 2
const ROUNDS = 7
const FLAT_SEARCH = resolve(import.meta.dirname, '..', 'oracle', 'flat_search.py')

const idOf = (row: number) => String(row).padStart(9, '0')
const seconds = (since: number) => (performance.now() - since) / 1000
const peak = () => process.resourceUsage().maxRSS / 2 ** 20
const queriesOf = (rows: number): Matrix => clusteredVectors({ ...MADE, rows }, 'queries', rows).next().value

async function push(store: IndexStore): Promise<string> {
  const begun = performance.now()
  await store.prepare(MADE.dimensions)
  let first = 0
  let making = 0
  const portions = clusteredVectors({ ...MADE, rows: DOCUMENTS }, 'documents')
  for (;;) {
    const asked = performance.now()
    const { value: vectors } = portions.next()
    making += seconds(asked)
    if (!vectors) break
    await store.stage(
      Array.from({ length: vectors.rows }, (_, i) => ({
        key: idOf(first + i),
        id: idOf(first + i),
        metadata: {},
        vector: row(vectors, i),
      })),
    )
    first += vectors.rows
  }
  const staged = seconds(begun) - making
  const of = madeOf(MADE.dimensions)
  const manifest = { version: 1, generation: 1, ...of, documents: DOCUMENTS, pushedAt: 'now' } as const
  const from = performance.now()
  await store.commit(manifest, [])
  return `${staged.toFixed(0)} s written, ${seconds(from).toFixed(0)} s finished`
}

const needsFaiss = 'the engine memory beside faiss'
it.skipIf(!pythonHas(['faiss'], needsFaiss))(
  `${needsFaiss}: exact top-100 for 64 queries`,
  { timeout: 3_000_000 },
  async () => {
    const folder = await temporaryFolder()
    const store = await memory.open(
      { name: 'made', folder },
      parseOptions('index', memory, { threads: THREADS }),
    )
    const pushed = await push(store)
    const queries = queriesOf(64)
    const file = join(folder, 'queries.f32')
    await writeFile(file, new Uint8Array(queries.data.buffer))
    const words = [join(folder, 'segments'), file, MADE.dimensions, 100, THREADS].map(String)
    const faiss = spawn(PYTHON, [FLAT_SEARCH, ...words], { stdio: ['pipe', 'pipe', 'inherit'] })
    try {
      const lines = createInterface({ input: faiss.stdout })[Symbol.asyncIterator]()
      expect((await lines.next()).value).toBe('ready')
      const took: { ours: number; theirs: number }[] = []
      for (let round = 0; round <= ROUNDS; round++) {
        const begun = performance.now()
        const ours = await store.search(queries, { k: 100 })
        const time = seconds(begun)
        faiss.stdin.write('\n')
        const { seconds: theirs, rows } = JSON.parse((await lines.next()).value)
        // The first round reads the files.
        if (round > 0) {
          took.push({ ours: time, theirs })
          continue
        }
        // Rounding in float32 may exchange neighbours; what is found is the same but for a last one.
        const shared = ours.map((hits, q) => {
          const found = new Set(rows[q].map(idOf))
          return hits.filter(({ id }) => found.has(id)).length
        })
        expect(Math.min(...shared)).toBeGreaterThanOrEqual(99)
      }
      const ours = median(took.map((one) => one.ours))
      const theirs = median(took.map((one) => one.theirs))
      console.log(
        `memory, ${DOCUMENTS} × ${MADE.dimensions}, ${THREADS} threads: ${pushed}; 64 queries, exact top-100: ${(ours * 1000).toFixed(0)} ms, faiss ${(theirs * 1000).toFixed(0)} ms, ${(theirs / ours).toFixed(2)} × faiss; peak RSS ${peak().toFixed(2)} GB`,
      )
      expect(theirs / ours).toBeGreaterThanOrEqual(0.8)
      expect(peak()).toBeLessThan(3.5)
    } finally {
      faiss.kill()
      await store.close()
    }
  },
)

const { client } = lancedb
it.skipIf(!client || !isInstalled(client.name))(
  'LanceDB: recall@10 and latency',
  { timeout: 3_000_000 },
  async () => {
    const folder = await temporaryFolder()
    const said = JSON.parse(process.env.HYDRA_BENCH_LANCEDB ?? '{}')
    const store = await lancedb.open({ name: 'made', folder }, parseOptions('index', lancedb, said))
    try {
      const pushed = await push(store)
      const queries = queriesOf(256)
      const exact = await store.search(queries, { k: 10, exact: true })
      const latencies: number[] = []
      let found = 0
      for (let q = 0; q < queries.rows; q++) {
        const query = createMatrix(1, queries.columns, row(queries, q))
        // The first search of a table reads what it needs of its files.
        if (q === 0) await store.search(query, { k: 10 })
        const begun = performance.now()
        const [hits] = await store.search(query, { k: 10 })
        latencies.push(1000 * seconds(begun))
        const right = new Set(exact[q].map(({ id }) => id))
        found += hits.filter(({ id }) => right.has(id)).length
      }
      const recall = found / (10 * queries.rows)
      latencies.sort((a, b) => a - b)
      const at = (share: number) => latencies[Math.floor(share * latencies.length)].toFixed(1)
      console.log(
        `LanceDB, ${DOCUMENTS} × ${MADE.dimensions}: ${pushed}; recall@10 ${recall.toFixed(3)}, one query ${at(0.5)} ms at the median, ${at(0.99)} ms at p99; peak RSS ${peak().toFixed(2)} GB`,
      )
      expect(recall).toBeGreaterThanOrEqual(0.95)
      expect(peak()).toBeLessThan(3.5)
    } finally {
      await store.close()
    }
  },
)
