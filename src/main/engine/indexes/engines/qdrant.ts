import { z } from 'zod'
import { defineIndexEngine } from '../index-engine'
import { markedStore } from '../marked-store'
import { connectQdrant } from '../qdrant/connect-qdrant'
import { qdrantRows } from '../qdrant/qdrant-rows'

const options = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:6333')
    .describe('where the server is; a key stands in QDRANT_API_KEY'),
  m: z.number().int().min(0).max(256).default(16).describe('neighbours of a document in the HNSW graph'),
  efConstruction: z
    .number()
    .int()
    .min(4)
    .max(2000)
    .default(100)
    .describe('candidates while the HNSW graph is built'),
  efSearch: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(128)
    .describe('candidates of a search in the HNSW graph, and at least so many as it takes to score again'),
  shards: z.number().int().min(1).max(256).default(1).describe('of the collection, when it is made'),
  replicas: z.number().int().min(1).max(64).default(1).describe('of each shard, when the collection is made'),
})
export type QdrantOptions = z.output<typeof options>

/** A collection of points per index. */
export const qdrant = defineIndexEngine({
  name: 'qdrant',
  title: 'Qdrant',
  summary:
    'A server or a cluster of Qdrant 1.10 or later: shards and replicas. Approximate by HNSW, candidates scored again; exact where it is asked. Tested against a stand-in that speaks its protocol, not against a server.',
  citation:
    'Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using HNSW graphs, 2018',
  options,
  client: { name: '@qdrant/js-client-rest', command: null },
  async open({ name }, said) {
    const { QdrantClient } = await import('@qdrant/js-client-rest')
    const connection = connectQdrant(QdrantClient, { url: said.url, apiKey: process.env.QDRANT_API_KEY })
    await connection.requireVersion()
    return markedStore(qdrantRows(connection, name, said))
  },
})
