import { createHash } from 'node:crypto'
import { indexManifestSchema } from '../../../../shared/schemas/indexes'
import type { QdrantOptions } from '../engines/qdrant'
import { factsOf } from '../facts'
import { FOREVER, type MarkedRows } from '../marked-store'
import { remoteName } from '../remote-name'
import type { QdrantConnection } from './connect-qdrant'

/** Points of one request: of 384 dimensions four megabytes of JSON. */
const BATCH = 500
const PAGE = 2000
const MANIFESTS = 'hydra_indexes'

/** A collection per index; one more, of all indexes, has their manifests. */
export function qdrantRows({ call }: QdrantConnection, name: string, options: QdrantOptions): MarkedRows {
  const collection = remoteName(name)
  const manifestId = uuidOf(createHash('sha256').update(name).digest('hex').slice(0, 32))
  const isThere = async (one: string) => (await call((client) => client.collectionExists(one))).exists

  return {
    async manifest() {
      if (!(await isThere(MANIFESTS))) return null
      const [point] = await call((client) =>
        client.retrieve(MANIFESTS, { ids: [manifestId], with_payload: true }),
      )
      return point ? indexManifestSchema.parse(JSON.parse(String(point.payload?.manifest))) : null
    },

    async writeManifest(manifest) {
      if (!(await isThere(MANIFESTS))) {
        // A collection without vectors is none: each point has one that nobody looks for.
        await call((client) => client.createCollection(MANIFESTS, { vectors: { size: 1, distance: 'Dot' } }))
      }
      const points = [{ id: manifestId, vector: [1], payload: { name, manifest: JSON.stringify(manifest) } }]
      await call((client) => client.upsert(MANIFESTS, { wait: true, points }))
    },

    async width() {
      if (!(await isThere(collection))) return null
      const { config } = await call((client) => client.getCollection(collection))
      return Number(config.params.vectors?.size)
    },

    async create(dimensions) {
      const { m, efConstruction, shards, replicas } = options
      await call((client) =>
        client.createCollection(collection, {
          vectors: { size: dimensions, distance: 'Dot' },
          hnsw_config: { m, ef_construct: efConstruction },
          shard_number: shards,
          replication_factor: replicas,
        }),
      )
      const indexed = [
        ['born', 'integer'],
        ['until', 'integer'],
        ['facts', 'keyword'],
      ] as const
      for (const [field_name, field_schema] of indexed)
        await call((client) =>
          client.createPayloadIndex(collection, { wait: true, field_name, field_schema }),
        )
    },

    async *keys() {
      let offset: unknown
      do {
        const page = await call((client) =>
          client.scroll(collection, {
            limit: PAGE,
            offset: offset as string | undefined,
            with_payload: false,
            with_vector: false,
          }),
        )
        yield page.points.map(({ id }) => String(id).replaceAll('-', ''))
        offset = page.next_page_offset
      } while (offset !== null && offset !== undefined)
    },

    async insert(rows, lifetime) {
      for (let start = 0; start < rows.length; start += BATCH) {
        const points = rows.slice(start, start + BATCH).map(({ key, id, metadata, vector }) => ({
          id: uuidOf(key),
          vector: Array.from(vector),
          payload: { id, facts: factsOf(metadata), ...lifetime },
        }))
        await call((client) => client.upsert(collection, { wait: true, points }))
      }
    },

    async mark(keys, until) {
      for (let start = 0; start < keys.length; start += PAGE) {
        const points = keys.slice(start, start + PAGE).map(uuidOf)
        await call((client) => client.setPayload(collection, { wait: true, payload: { until }, points }))
      }
    },

    async unmark(after) {
      const filter = { must: [{ key: 'until', range: { gt: after, lt: FOREVER } }] }
      const payload = { until: FOREVER }
      await call((client) => client.setPayload(collection, { wait: true, payload, filter }))
    },

    async sweep(until) {
      const filter = { must: [{ key: 'until', range: { lte: until } }] }
      await call((client) => client.delete(collection, { wait: true, filter }))
    },

    async nearest(vector, { k, where = {}, exact = false, generation }) {
      const { points } = await call((client) =>
        client.query(collection, {
          query: Array.from(vector),
          limit: k,
          filter: {
            must: [
              { key: 'born', range: { lte: generation } },
              { key: 'until', range: { gt: generation } },
              ...factsOf(where).map((value) => ({ key: 'facts', match: { value } })),
            ],
          },
          params: { exact, hnsw_ef: Math.max(options.efSearch, k) },
          with_payload: ['id'],
          with_vector: true,
        }),
      )
      return points.map((point) => ({
        id: String(point.payload?.id),
        vector: Float32Array.from(point.vector as number[]),
      }))
    },

    async drop() {
      if (await isThere(MANIFESTS))
        await call((client) => client.delete(MANIFESTS, { wait: true, points: [manifestId] }))
      if (await isThere(collection)) await call((client) => client.deleteCollection(collection))
    },

    close: async () => undefined,
  }
}

/** Points are numbered or named by UUIDs: 32 hexadecimal digits are one. */
function uuidOf(key: string): string {
  return key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
