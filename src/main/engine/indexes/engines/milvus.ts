import { z } from 'zod'
import { defineIndexEngine } from '../index-engine'
import { loadClient } from '../load-client'
import { markedStore } from '../marked-store'
import { connectMilvus, type Milvus } from '../milvus/connect-milvus'
import { milvusRows } from '../milvus/milvus-rows'

const CLIENT = {
  name: '@zilliz/milvus2-sdk-node',
  command: 'npm install --no-save --save-prod --force @zilliz/milvus2-sdk-node@3.0.6',
}

const options = z.strictObject({
  address: z
    .string()
    .min(1)
    .default('127.0.0.1:19530')
    .describe('host and port, or https:// and a host; a token stands in MILVUS_TOKEN'),
  index: z
    .enum(['flat', 'hnsw'])
    .default('flat')
    .describe('flat: every search looks at every document; hnsw: approximate'),
  m: z.number().int().min(2).max(2048).default(16).describe('neighbours of a document in the HNSW graph'),
  efConstruction: z
    .number()
    .int()
    .min(1)
    .max(2048)
    .default(200)
    .describe('candidates while the HNSW graph is built'),
  efSearch: z
    .number()
    .int()
    .min(1)
    .max(16_000)
    .default(128)
    .describe('candidates of a search in the HNSW graph, and at least so many as it takes to score again'),
  shards: z.number().int().min(1).max(64).default(1).describe('of the collection, when it is made'),
  replicas: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(1)
    .describe('of the collection in memory, when it is loaded'),
})
export type MilvusOptions = z.output<typeof options>

/** A collection per index, on a cluster or on milvus-lite. */
export const milvus = defineIndexEngine({
  name: 'milvus',
  title: 'Milvus',
  summary:
    'A server or a cluster of Milvus 2.6 or later, or milvus-lite 3: shards and replicas. Exact, or approximate by HNSW.',
  citation: 'Wang et al., Milvus: a purpose-built vector data management system, SIGMOD 2021',
  options,
  client: CLIENT,
  async open({ name }, said) {
    const sdk = await loadClient<Milvus>(CLIENT.name, CLIENT.command)
    const connection = connectMilvus(sdk, { address: said.address, token: process.env.MILVUS_TOKEN })
    try {
      await connection.requireVersion()
    } catch (error) {
      await connection.close()
      throw error
    }
    return markedStore(milvusRows(connection, name, said))
  },
})
