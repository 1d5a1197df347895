import { type IndexManifest, indexManifestSchema } from '../../../../shared/schemas/indexes'
import { type Matrix, row } from '../../numeric/matrix'
import type { LanceOptions } from '../engines/lancedb'
import { factsOf } from '../facts'
import type { IndexHit, IndexSearch, IndexStore } from '../index-engine'
import { requireNext, widthMismatch } from '../index-refusals'
import { remoteName } from '../remote-name'
import { rescore, SPARE_CANDIDATES } from '../rescore'
import { lanceError } from './lance-error'

/** As much of the package @lancedb/lancedb as is used: it is optional, and so are its types. */
export interface Lance {
  connect(uri: string): Promise<Database>
  readonly Index: { hnswSq(options: object): unknown; ivfFlat(options: object): unknown }
}

interface Database {
  tableNames(): Promise<string[]>
  openTable(name: string): Promise<Table>
  createEmptyTable(name: string, schema: unknown): Promise<Table>
  dropTable(name: string): Promise<void>
  close(): void
}

interface Table {
  schema(): Promise<{
    readonly fields: readonly { readonly name: string; readonly type: { readonly listSize?: number } }[]
  }>
  add(rows: readonly object[]): Promise<unknown>
  delete(predicate: string): Promise<unknown>
  countRows(): Promise<number>
  createIndex(column: string, options: object): Promise<void>
  listIndices(): Promise<readonly { readonly columns: readonly string[] }[]>
  optimize(): Promise<unknown>
  version(): Promise<number>
  checkout(version: number): Promise<void>
  query(): Query
  vectorSearch(vector: Float32Array): VectorQuery
  mergeInsert(on: string): MergeInsert
  close(): void
}

interface MergeInsert {
  whenMatchedUpdateAll(): MergeInsert
  whenNotMatchedInsertAll(): MergeInsert
  execute(rows: readonly object[]): Promise<unknown>
}

interface Query {
  where(predicate: string): this
  select(columns: readonly string[]): this
  limit(rows: number): this
  toArray(): Promise<Record<string, unknown>[]>
  [Symbol.asyncIterator](): AsyncIterator<Batch>
}

interface Batch {
  getChild(column: string): Iterable<unknown> | null
}

interface VectorQuery extends Query {
  distanceType(type: 'dot'): this
  bypassVectorIndex(): this
  nprobes(count: number): this
  ef(candidates: number): this
  refineFactor(factor: number): this
}

/** As much of apache-arrow as is used. */
export interface Arrow {
  readonly Schema: new (fields: readonly unknown[]) => unknown
  readonly Field: new (name: string, type: unknown, nullable: boolean) => unknown
  readonly Utf8: new () => unknown
  readonly Int32: new () => unknown
  readonly Float32: new () => unknown
  readonly List: new (field: unknown) => unknown
  readonly FixedSizeList: new (size: number, field: unknown) => unknown
}

const MANIFESTS = 'hydra_indexes'
/** Keys of one DELETE. */
const KEYS = 2000

/**
 * A table per index. Every write makes a version of it; a row of `hydra_indexes` says which version is served, and searches
 * read that one while later versions are written.
 */
export async function lanceStore(
  { lance, arrow }: { readonly lance: Lance; readonly arrow: Arrow },
  { name, uri }: { readonly name: string; readonly uri: string },
  options: LanceOptions,
): Promise<IndexStore> {
  const attempt = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work()
    } catch (error) {
      throw lanceError(error, uri)
    }
  }
  const database = await attempt(() => lance.connect(uri))
  const rowsTable = remoteName(name)
  let served: { readonly version: number; readonly table: Table } | null = null

  const isThere = async (table: string) => (await database.tableNames()).includes(table)

  async function readManifest(): Promise<{ manifest: IndexManifest; version: number } | null> {
    if (!(await isThere(MANIFESTS))) return null
    const table = await database.openTable(MANIFESTS)
    const [found] = await table
      .query()
      .where(`name = ${text(name)}`)
      .limit(1)
      .toArray()
    table.close()
    if (!found) return null
    return {
      manifest: indexManifestSchema.parse(JSON.parse(String(found.manifest))),
      version: Number(found.version),
    }
  }

  async function writeManifest(manifest: IndexManifest, version: number): Promise<void> {
    const { Schema, Field, Utf8, Int32 } = arrow
    const table = (await isThere(MANIFESTS))
      ? await database.openTable(MANIFESTS)
      : await database.createEmptyTable(
          MANIFESTS,
          new Schema([
            new Field('name', new Utf8(), false),
            new Field('manifest', new Utf8(), false),
            new Field('version', new Int32(), false),
          ]),
        )
    await table
      .mergeInsert('name')
      .whenMatchedUpdateAll()
      .whenNotMatchedInsertAll()
      .execute([{ name, manifest: JSON.stringify(manifest), version }])
    table.close()
  }

  function rowsSchema(dimensions: number): unknown {
    const { Schema, Field, Utf8, Float32, List, FixedSizeList } = arrow
    return new Schema([
      new Field('key', new Utf8(), false),
      new Field('id', new Utf8(), false),
      new Field('facts', new List(new Field('item', new Utf8(), true)), false),
      new Field('vector', new FixedSizeList(dimensions, new Field('item', new Float32(), true)), false),
    ])
  }

  async function buildIndex(table: Table): Promise<void> {
    const { index, indexedFrom, m, efConstruction, partitions } = options
    if (index === 'none' || (await table.countRows()) < indexedFrom) return
    const there = await table.listIndices()
    if (there.some(({ columns }) => columns.includes('vector'))) return
    const parts = { distanceType: 'dot', ...(partitions > 0 ? { numPartitions: partitions } : {}) }
    const { Index } = lance
    const config = index === 'hnsw' ? Index.hnswSq({ ...parts, m, efConstruction }) : Index.ivfFlat(parts)
    await table.createIndex('vector', { config })
  }

  /** The version that the manifest names, opened once. */
  async function servedTable(): Promise<Table> {
    const found = await readManifest()
    if (!found) throw new RangeError('nothing was pushed: callers look for a manifest first')
    if (served?.version === found.version) return served.table
    const table = await database.openTable(rowsTable)
    await table.checkout(found.version)
    served = { version: found.version, table }
    return table
  }

  async function searchOne(table: Table, query: Float32Array, search: IndexSearch): Promise<IndexHit[]> {
    const { k, where = {}, exact = false } = search
    const asked = table
      .vectorSearch(query)
      .distanceType('dot')
      .select(['id', 'vector', '_distance'])
      .limit(k + SPARE_CANDIDATES)
    if (exact) asked.bypassVectorIndex()
    else {
      asked.nprobes(options.nprobes)
      // A graph holds vectors in eight bits a number: more candidates than asked are looked up in full.
      if (options.index === 'hnsw')
        asked.ef(Math.max(options.efSearch, 2 * (k + SPARE_CANDIDATES))).refineFactor(2)
    }
    const facts = factsOf(where).map(text)
    if (facts.length > 0) asked.where(`array_has_all(facts, make_array(${facts.join(', ')}))`)
    const rows = await asked.toArray()
    return rescore(
      query,
      rows.map(({ id, vector }) => ({
        id: String(id),
        vector: Float32Array.from(vector as Iterable<number>),
      })),
      k,
    )
  }

  return {
    manifest: () => attempt(async () => (await readManifest())?.manifest ?? null),

    prepare: (dimensions) =>
      attempt(async () => {
        if (!(await isThere(rowsTable))) {
          ;(await database.createEmptyTable(rowsTable, rowsSchema(dimensions))).close()
          return
        }
        const table = await database.openTable(rowsTable)
        const { fields } = await table.schema()
        table.close()
        const there = fields.find((field) => field.name === 'vector')?.type.listSize ?? 0
        if (there !== dimensions) throw widthMismatch(there, dimensions)
      }),

    async *keys() {
      if (!(await attempt(() => isThere(rowsTable)))) return
      const table = await attempt(() => database.openTable(rowsTable))
      try {
        for await (const batch of table.query().select(['key']) as AsyncIterable<Batch>)
          yield Array.from(batch.getChild('key') ?? [], String)
      } catch (error) {
        throw lanceError(error, uri)
      } finally {
        table.close()
      }
    },

    stage: (rows) =>
      attempt(async () => {
        const table = await database.openTable(rowsTable)
        // Of vectors of another length it would make vectors of its own, padded with zeros.
        const { fields } = await table.schema()
        const width = fields.find((field) => field.name === 'vector')?.type.listSize ?? 0
        const odd = rows.find(({ vector }) => vector.length !== width)
        if (odd) throw widthMismatch(width, odd.vector.length)
        await table.add(
          rows.map(({ key, id, metadata, vector }) => ({
            key,
            id,
            facts: factsOf(metadata),
            vector: Array.from(vector),
          })),
        )
        table.close()
      }),

    commit: (manifest, gone) =>
      attempt(async () => {
        requireNext((await readManifest())?.manifest ?? null, manifest)
        const table = await database.openTable(rowsTable)
        for (let start = 0; start < gone.length; start += KEYS)
          await table.delete(
            `key IN (${gone
              .slice(start, start + KEYS)
              .map(text)
              .join(', ')})`,
          )
        await buildIndex(table)
        // Small writes become large files, and the index learns what was added to it.
        await table.optimize()
        await writeManifest(manifest, await table.version())
        table.close()
      }),

    search: (queries: Matrix, search) =>
      attempt(async () => {
        const table = await servedTable()
        const found: IndexHit[][] = []
        for (let q = 0; q < queries.rows; q++) {
          search.signal?.throwIfAborted()
          found.push(await searchOne(table, row(queries, q), search))
        }
        return found
      }),

    drop: () =>
      attempt(async () => {
        if (await isThere(MANIFESTS)) {
          const table = await database.openTable(MANIFESTS)
          await table.delete(`name = ${text(name)}`)
          table.close()
        }
        served?.table.close()
        served = null
        if (await isThere(rowsTable)) await database.dropTable(rowsTable)
      }),

    async close() {
      served?.table.close()
      database.close()
    },
  }
}

/** A text in LanceDB's SQL. */
function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
