import { z } from 'zod'
import { defineIndexEngine } from '../index-engine'
import { type Arrow, type Lance, lanceStore } from '../lance/lance-store'
import { loadClient } from '../load-client'

const CLIENT = {
  name: '@lancedb/lancedb',
  command: 'npm install --no-save --save-prod --force @lancedb/lancedb@0.39.0 apache-arrow@18.1.0',
}

const options = z.strictObject({
  uri: z
    .string()
    .default('')
    .describe(
      'a folder, or s3://, gs:// or az:// with the usual variables of the environment; empty: the workspace',
    ),
  index: z
    .enum(['hnsw', 'ivf-flat', 'none'])
    .default('hnsw')
    .describe(
      'hnsw: the best and slowest to build; ivf-flat: quick to build; none: every search looks at every document',
    ),
  indexedFrom: z
    .number()
    .int()
    .min(256)
    .default(10_000)
    .describe('documents from which on the approximate index is built: below, a full search is as quick'),
  m: z.number().int().min(2).max(100).default(20).describe('neighbours of a document in the HNSW graph'),
  efConstruction: z
    .number()
    .int()
    .min(4)
    .max(2000)
    .default(300)
    .describe('candidates while the HNSW graph is built'),
  efSearch: z
    .number()
    .int()
    .min(1)
    .max(5000)
    .default(200)
    .describe('candidates of a search in the HNSW graph'),
  partitions: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('parts that the vectors are split into; 0: LanceDB decides'),
  nprobes: z.number().int().min(1).default(20).describe('parts that a search looks at'),
})
export type LanceOptions = z.output<typeof options>

/** IVF_HNSW_SQ or IVF_FLAT on inner products; a push becomes visible by the version of the table that the manifest names. */
export const lancedb = defineIndexEngine({
  name: 'lancedb',
  title: 'LanceDB, embedded',
  summary:
    'Columnar files with versions, on this machine or on object storage, and no server. Approximate, with candidates scored again; exact where it is asked.',
  citation:
    'Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using HNSW graphs, 2018',
  options,
  client: CLIENT,
  async open({ name, folder }, said) {
    const lance = await loadClient<Lance>(CLIENT.name, CLIENT.command)
    const arrow = await loadClient<Arrow>('apache-arrow', CLIENT.command)
    return lanceStore({ lance, arrow }, { name, uri: said.uri || folder }, said)
  },
})
