import { HydraError } from '../../../../shared/errors'
import { indexManifestSchema } from '../../../../shared/schemas/indexes'
import type { MilvusOptions } from '../engines/milvus'
import { FOREVER, type MarkedRows } from '../marked-store'
import { remoteName } from '../remote-name'
import type { MilvusConnection } from './connect-milvus'

/** Rows of one call: of 384 dimensions a megabyte. */
const BATCH = 500
/** Of one query, within Milvus's own bound of 16,384. */
const PAGE = 10_000
/** Milvus takes no more as the length of a text. */
const LONGEST_TEXT = 65_535
const MANIFESTS = 'hydra_indexes'
/** As Milvus numbers them (DataType of its protocol). */
const TYPES = { int64: 5, varChar: 21, json: 23, floatVector: 101 } as const
/** Whoever asks sees what was written before. */
const STRONG = { consistency_level: 'Strong' } as const

/** A collection per index; one more, of all indexes, has their manifests. */
export function milvusRows(
  { call, close }: MilvusConnection,
  name: string,
  options: MilvusOptions,
): MarkedRows {
  const collection_name = remoteName(name)
  const loaded = new Set<string>()

  const isThere = async (collection: string) =>
    (await call((client) => client.hasCollection({ collection_name: collection }))).value

  /** Milvus searches what is in memory, and a server that was started again has nothing there. */
  async function load(collection: string): Promise<void> {
    if (loaded.has(collection)) return
    const { state } = await call((client) => client.getLoadState({ collection_name: collection }))
    // Asked to load what is loaded, the client waits as long as for one that is not.
    if (state !== 'LoadStateLoaded') {
      const replica_number = options.replicas
      await call((client) => client.loadCollectionSync({ collection_name: collection, replica_number }))
    }
    loaded.add(collection)
  }

  async function create(collection: string, fields: readonly object[], index: object): Promise<void> {
    const index_params = [{ field_name: 'vector', metric_type: 'IP', ...index }]
    const { shards: shards_num } = options
    const request = { collection_name: collection, fields, index_params, shards_num, ...STRONG }
    await call((client) => client.createCollection(request))
    await load(collection)
  }

  async function query(collection: string, filter: string, output_fields: readonly string[], limit: number) {
    await load(collection)
    const request = { collection_name: collection, filter, output_fields, limit, ...STRONG }
    return (await call((client) => client.query(request))).data
  }

  /** Keys that a filter fits, by their order. */
  async function* keysWhere(filter: string): AsyncGenerator<string[]> {
    let after = ''
    for (;;) {
      const data = await query(collection_name, `key > ${text(after)}${filter}`, ['key'], PAGE)
      if (data.length === 0) return
      const keys = data.map(({ key }) => String(key)).sort()
      yield keys
      after = keys[keys.length - 1]
    }
  }

  async function mark(keys: readonly string[], until: number): Promise<void> {
    for (let start = 0; start < keys.length; start += BATCH) {
      const data = keys.slice(start, start + BATCH).map((key) => ({ key, until }))
      await call((client) => client.upsert({ collection_name, data, partial_update: true }))
    }
  }

  return {
    mark,

    async manifest() {
      if (!(await isThere(MANIFESTS))) return null
      const [found] = await query(MANIFESTS, `name == ${text(name)}`, ['manifest'], 1)
      return found ? indexManifestSchema.parse(JSON.parse(String(found.manifest))) : null
    },

    async writeManifest(manifest) {
      if (!(await isThere(MANIFESTS))) {
        // A collection without vectors is none: each row has one that nobody looks for.
        const fields = [
          { name: 'name', data_type: TYPES.varChar, is_primary_key: true, max_length: 1024 },
          { name: 'manifest', data_type: TYPES.varChar, max_length: LONGEST_TEXT },
          { name: 'vector', data_type: TYPES.floatVector, dim: 2 },
        ]
        await create(MANIFESTS, fields, { index_type: 'FLAT' })
      }
      const data = [{ name, manifest: JSON.stringify(manifest), vector: [1, 0] }]
      await call((client) => client.upsert({ collection_name: MANIFESTS, data }))
    },

    async width() {
      if (!(await isThere(collection_name))) return null
      const { schema } = await call((client) => client.describeCollection({ collection_name }))
      const vector = schema.fields.find((field) => field.name === 'vector')
      return Number(vector?.type_params.find(({ key }) => key === 'dim')?.value)
    },

    create(dimensions) {
      const { index, m, efConstruction } = options
      return create(
        collection_name,
        [
          { name: 'key', data_type: TYPES.varChar, is_primary_key: true, max_length: 32 },
          { name: 'id', data_type: TYPES.varChar, max_length: LONGEST_TEXT },
          { name: 'born', data_type: TYPES.int64 },
          { name: 'until', data_type: TYPES.int64 },
          { name: 'metadata', data_type: TYPES.json },
          { name: 'vector', data_type: TYPES.floatVector, dim: dimensions },
        ],
        index === 'flat' ? { index_type: 'FLAT' } : { index_type: 'HNSW', params: { M: m, efConstruction } },
      )
    },

    keys: () => keysWhere(''),

    async insert(rows, lifetime) {
      for (let start = 0; start < rows.length; start += BATCH) {
        const data = rows.slice(start, start + BATCH).map(({ key, id, metadata, vector }) => ({
          key,
          id,
          metadata,
          vector: Array.from(vector),
          ...lifetime,
        }))
        await call((client) => client.upsert({ collection_name, data }))
      }
    },

    async unmark(after) {
      const marked: string[] = []
      for await (const keys of keysWhere(` and until > ${after} and until < ${FOREVER}`)) marked.push(...keys)
      await mark(marked, FOREVER)
    },

    async sweep(until) {
      await load(collection_name)
      await call((client) => client.delete({ collection_name, filter: `until <= ${until}` }))
    },

    async nearest(vector, { k, where = {}, exact = false, generation }) {
      if (exact && options.index !== 'flat') throw approximate()
      await load(collection_name)
      const facts = Object.entries(where).map(
        ([field, value]) => `metadata[${text(field)}] == ${JSON.stringify(value)}`,
      )
      const { results } = await call((client) =>
        client.search({
          collection_name,
          data: [Array.from(vector)],
          anns_field: 'vector',
          limit: k,
          filter: [`born <= ${generation}`, `until > ${generation}`, ...facts].join(' and '),
          output_fields: ['id', 'vector'],
          params: options.index === 'hnsw' ? { ef: Math.max(options.efSearch, k) } : {},
          ...STRONG,
        }),
      )
      return results.map((hit) => ({
        id: String(hit.id),
        vector: Float32Array.from(hit.vector as readonly number[]),
      }))
    },

    async drop() {
      if (await isThere(MANIFESTS)) {
        await load(MANIFESTS)
        const filter = `name == ${text(name)}`
        await call((client) => client.delete({ collection_name: MANIFESTS, filter }))
      }
      if (await isThere(collection_name)) await call((client) => client.dropCollection({ collection_name }))
      loaded.delete(collection_name)
    },

    close,
  }
}

/** A text in Milvus's filters. */
function text(value: string): string {
  return JSON.stringify(value)
}

function approximate(): HydraError {
  return new HydraError('INDEX_UNSUITABLE', {
    expected: 'a collection whose every document can be looked at',
    got: 'one with an HNSW graph, which Milvus always uses',
    remedy: 'Search it as it is, or push the collection under another name with a flat index.',
    command: 'hydra index push --name NAME --engine milvus --set index=flat',
  })
}
