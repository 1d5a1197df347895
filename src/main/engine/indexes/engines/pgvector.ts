import { z } from 'zod'
import { HydraError } from '../../../../shared/errors'
import { defineIndexEngine } from '../index-engine'
import { connectPostgres } from '../postgres/connect-postgres'
import { pgvectorStore } from '../postgres/pgvector-store'

const options = z.strictObject({
  url: z
    .string()
    .default('postgresql://127.0.0.1:5432/postgres')
    .describe(
      'where the database is, without a password: that stands in PGPASSWORD or in the file of PGPASSFILE',
    ),
  schema: z.string().min(1).default('public').describe('schema of the tables'),
  index: z
    .enum(['none', 'hnsw'])
    .default('none')
    .describe('none: every search looks at every document; hnsw: approximate, of at most 2,000 dimensions'),
  m: z.number().int().min(2).max(100).default(16).describe('neighbours of a document in the HNSW graph'),
  efConstruction: z
    .number()
    .int()
    .min(4)
    .max(1000)
    .default(64)
    .describe('candidates while the HNSW graph is built, at least twice m'),
  efSearch: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .describe('candidates of a search in the HNSW graph, and at least so many as it takes to score again'),
})
export type PgvectorOptions = z.output<typeof options>

/** Rows of a table, inner products by pgvector; a push becomes visible by one transaction. */
export const pgvector = defineIndexEngine({
  name: 'pgvector',
  title: 'PostgreSQL with pgvector',
  summary:
    'A table of a PostgreSQL database with the extension vector, 0.8 or later: for those who have one. Exact, or approximate by HNSW.',
  citation:
    'Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using HNSW graphs, 2018',
  options,
  client: { name: 'pg', command: null },
  async open({ name }, said) {
    requireNoPassword(said.url)
    const { default: pg } = await import('pg')
    const database = connectPostgres(pg, said.url)
    try {
      await database.requireVector()
    } catch (error) {
      await database.close()
      throw error
    }
    return pgvectorStore(database, name, said)
  },
})

/** Options stand in files of the workspace. */
function requireNoPassword(url: string): void {
  let password: string
  try {
    password = new URL(url).password
  } catch {
    throw refusedUrl('a postgresql:// address', JSON.stringify(url))
  }
  if (password !== '') throw refusedUrl('an address without a password', 'one with a password')
}

function refusedUrl(expected: string, got: string): HydraError {
  return new HydraError('USAGE', {
    expected,
    got,
    remedy:
      'Write postgresql://USER@HOST:PORT/DATABASE, and put the password into the environment as PGPASSWORD.',
    command: 'hydra list index',
  })
}
