import type { ModelRecord } from '../../src/shared/schemas/model'

const brought = { from: null, licence: 'apache-2.0', problem: null } as const

/** The encoder that comes along, and a model that writes queries. */
export const MODELS: ModelRecord[] = [
  {
    ...brought,
    id: 'all-MiniLM-L6-v2',
    origin: 'application',
    use: 'encoder',
    folder: '/app/resources/models/all-MiniLM-L6-v2',
    bytes: 23_700_000,
    runner: { by: 'ONNX Runtime', why: null },
    settings: {
      kind: 'transformer',
      weights: 'int8',
      sha256: 'e'.repeat(64),
      dimensions: 384,
      maxTokens: 256,
      pooling: 'mean',
      prefixes: { query: '', document: '' },
      assumed: [],
    },
  },
  {
    ...brought,
    id: 'writer',
    origin: 'workspace',
    use: 'generator',
    folder: '/workspace/models/writer',
    bytes: 61_000_000,
    runner: { by: 'transformers.js', why: 'it writes text' },
    settings: { kind: 'seq2seq', weights: 'int8', sha256: 'f'.repeat(64) },
  },
]
