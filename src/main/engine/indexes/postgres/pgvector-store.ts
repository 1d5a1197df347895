import { HydraError } from '../../../../shared/errors'
import { type IndexManifest, indexManifestSchema } from '../../../../shared/schemas/indexes'
import { type Matrix, row } from '../../numeric/matrix'
import type { PgvectorOptions } from '../engines/pgvector'
import type { IndexHit, IndexSearch, IndexStore } from '../index-engine'
import { changedMeanwhile, widthMismatch } from '../index-refusals'
import { remoteName } from '../remote-name'
import { rescore, SPARE_CANDIDATES } from '../rescore'
import type { Connection, Database } from './connect-postgres'

/** Rows of one INSERT: of 384 dimensions two megabytes of text. */
const BATCH = 500
/** Keys of one SELECT or DELETE. */
const KEYS = 10_000
const HNSW_DIMENSIONS = 2000

/**
 * A table per index, and one row of `hydra_indexes` that says which generation of its rows is served. Rows come with the
 * next generation, which no search asks for; a commit deletes what is gone and moves the generation on, in one transaction.
 */
export function pgvectorStore(database: Database, name: string, options: PgvectorOptions): IndexStore {
  const schema = quoted(options.schema)
  const table = `${schema}.${quoted(remoteName(name))}`
  const manifests = `${schema}.hydra_indexes`

  async function isThere(relation: string, connection: Connection = database): Promise<boolean> {
    const { rows } = await connection.query('SELECT to_regclass($1) AS found', [relation])
    return rows[0].found !== null
  }

  async function manifestOn(connection: Connection): Promise<IndexManifest | null> {
    if (!(await isThere(manifests, connection))) return null
    const { rows } = await connection.query(`SELECT manifest FROM ${manifests} WHERE name = $1`, [name])
    return rows.length === 0 ? null : indexManifestSchema.parse(rows[0].manifest)
  }

  /** pgvector keeps a column's width where others keep the length of a text. */
  async function width(): Promise<number | null> {
    if (!(await isThere(table))) return null
    const { rows } = await database.query(
      "SELECT atttypmod AS width FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = 'vector'",
      [table],
    )
    return rows[0]?.width ?? null
  }

  async function buildGraph(dimensions: number): Promise<void> {
    if (options.index === 'none') return
    if (dimensions > HNSW_DIMENSIONS) throw tooWide(dimensions)
    const { m, efConstruction } = options
    await database.query(
      `CREATE INDEX IF NOT EXISTS ${quoted(`${remoteName(name)}_hnsw`)} ON ${table}
       USING hnsw (vector vector_ip_ops) WITH (m = ${m}, ef_construction = ${efConstruction})`,
    )
  }

  async function searchOne(query: Float32Array, search: IndexSearch): Promise<IndexHit[]> {
    const { k, where = {}, exact = false } = search
    const candidates = k + SPARE_CANDIDATES
    return database.transaction(async (connection) => {
      await connection.query(
        exact
          ? 'SET LOCAL enable_indexscan = off'
          : `SET LOCAL hnsw.ef_search = ${Math.min(1000, Math.max(options.efSearch, candidates))}`,
      )
      // A filter leaves fewer than were found in the graph: it is searched on until there are enough.
      if (!exact) await connection.query("SET LOCAL hnsw.iterative_scan = 'strict_order'")
      const { rows } = await connection.query(
        `SELECT id, vector::text AS vector FROM ${table}
         WHERE generation <= (SELECT (manifest->>'generation')::int FROM ${manifests} WHERE name = $1)
           AND metadata @> $2::jsonb
         ORDER BY vector <#> $3${exact ? ', id COLLATE "C" DESC' : ''} LIMIT $4`,
        [name, JSON.stringify(where), textOf(query), candidates],
      )
      return rescore(
        query,
        rows.map(({ id, vector }) => ({ id, vector: Float32Array.from(JSON.parse(vector)) })),
        k,
      )
    })
  }

  return {
    manifest: () => manifestOn(database),

    async prepare(dimensions) {
      if (options.index === 'hnsw' && dimensions > HNSW_DIMENSIONS) throw tooWide(dimensions)
      const there = await width()
      if (there !== null && there !== dimensions) throw widthMismatch(there, dimensions)
      await database.query(
        `CREATE TABLE IF NOT EXISTS ${manifests} (name text PRIMARY KEY, manifest jsonb NOT NULL)`,
      )
      await database.query(
        `CREATE TABLE IF NOT EXISTS ${table} (
           key text PRIMARY KEY,
           id text NOT NULL,
           generation int NOT NULL,
           metadata jsonb NOT NULL,
           vector vector(${dimensions}) NOT NULL
         )`,
      )
    },

    async *keys() {
      if (!(await isThere(table))) return
      let after = ''
      for (;;) {
        const { rows } = await database.query(
          `SELECT key FROM ${table} WHERE key > $1 ORDER BY key LIMIT ${KEYS}`,
          [after],
        )
        if (rows.length === 0) return
        yield rows.map(({ key }) => key as string)
        after = rows[rows.length - 1].key
      }
    },

    async stage(rows) {
      const next = ((await manifestOn(database))?.generation ?? 0) + 1
      for (let start = 0; start < rows.length; start += BATCH) {
        const part = rows.slice(start, start + BATCH)
        await database.query(
          `INSERT INTO ${table} (key, id, generation, metadata, vector)
           SELECT key, id, $1::int, metadata::jsonb, vector::vector
           FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS row (key, id, metadata, vector)
           ON CONFLICT (key) DO NOTHING`,
          [
            next,
            part.map(({ key }) => key),
            part.map(({ id }) => id),
            part.map(({ metadata }) => JSON.stringify(metadata)),
            part.map(({ vector }) => textOf(vector)),
          ],
        )
      }
    },

    async commit(manifest, gone) {
      // Before what is staged is served, so that the first searches find the graph.
      await buildGraph(manifest.dimensions)
      await database.transaction(async (connection) => {
        const { rows } = await connection.query(
          `SELECT (manifest->>'generation')::int AS generation FROM ${manifests} WHERE name = $1 FOR UPDATE`,
          [name],
        )
        const generation: number = rows[0]?.generation ?? 0
        if (generation !== manifest.generation - 1)
          throw changedMeanwhile(manifest.generation - 1, generation)
        for (let start = 0; start < gone.length; start += KEYS)
          await connection.query(`DELETE FROM ${table} WHERE key = ANY($1::text[])`, [
            gone.slice(start, start + KEYS),
          ])
        await connection.query(
          `INSERT INTO ${manifests} (name, manifest) VALUES ($1, $2::jsonb)
           ON CONFLICT (name) DO UPDATE SET manifest = excluded.manifest`,
          [name, JSON.stringify(manifest)],
        )
      })
    },

    async search(queries: Matrix, search) {
      const found: IndexHit[][] = []
      for (let q = 0; q < queries.rows; q++) {
        search.signal?.throwIfAborted()
        found.push(await searchOne(row(queries, q), search))
      }
      return found
    },

    async drop() {
      await database.transaction(async (connection) => {
        if (await isThere(manifests, connection))
          await connection.query(`DELETE FROM ${manifests} WHERE name = $1`, [name])
        await connection.query(`DROP TABLE IF EXISTS ${table}`)
      })
    },

    close: () => database.close(),
  }
}

/** An identifier of SQL, whatever is in it. */
function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

/** As pgvector reads vectors; the shortest decimals that are these numbers. */
function textOf(vector: Float32Array): string {
  return `[${vector.join(',')}]`
}

function tooWide(dimensions: number): HydraError {
  return new HydraError('INDEX_UNSUITABLE', {
    expected: `at most ${HNSW_DIMENSIONS} dimensions for pgvector’s HNSW`,
    got: `${dimensions}`,
    remedy: 'Push without an approximate index, or to another engine.',
    command: 'hydra index push --set index=none',
  })
}
