import type { Pool, PoolClient, QueryResult } from 'pg'
import { HydraError, toHydraError } from '../../../../shared/errors'
import { engineFailure, type Failure } from '../engine-failure'

/** What is asked of the package `pg`, which is loaded by whoever opens an index. */
type Pg = Pick<typeof import('pg'), 'Pool'>

const LEAST_PGVECTOR = [0, 8] as const
/** An address where nobody answers is given up after so long. */
const CONNECT_MS = 10_000

/** What a statement runs on: the pool, or the one connection of a transaction. */
export interface Connection {
  query(text: string, values?: readonly unknown[]): Promise<QueryResult>
}

export interface Database extends Connection {
  /** All of it or nothing. */
  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>
  /** @throws INDEX_UNSUITABLE where there is no pgvector, or one that is too old */
  requireVector(): Promise<void>
  close(): Promise<void>
}

/** A pool: a connection that is lost is a failed statement, and the next one gets another. Statements have no names, since a proxy or pglite may share sessions. */
export function connectPostgres({ Pool }: Pg, url: string): Database {
  const pool: Pool = new Pool({ connectionString: url, max: 2, connectionTimeoutMillis: CONNECT_MS })
  // Of a connection that is lost while nobody uses it; who uses one hears it by the statement.
  pool.on('error', () => undefined)
  const on = (connection: Pool | PoolClient): Connection => ({
    async query(text, values = []) {
      try {
        return await connection.query(text, [...values])
      } catch (error) {
        throw postgresError(error, url)
      }
    },
  })
  const direct = on(pool)

  return {
    query: direct.query,
    async transaction(work) {
      const client = await pool.connect().catch((error) => {
        throw postgresError(error, url)
      })
      // Lost between two statements: the next one says so.
      const ignore = () => undefined
      client.on('error', ignore)
      let lost: Error | undefined
      try {
        const connection = on(client)
        await connection.query('BEGIN')
        const result = await work(connection)
        await connection.query('COMMIT')
        return result
      } catch (error) {
        await client.query('ROLLBACK').catch((broken: Error) => {
          lost = broken
        })
        throw error
      } finally {
        client.off('error', ignore)
        client.release(lost)
      }
    },
    async requireVector() {
      const { rows } = await direct.query("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
      if (rows.length === 0) {
        const offered = await direct.query("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")
        if (offered.rows.length === 0) throw unsuitable('none, and none to install', url)
        await direct.query('CREATE EXTENSION IF NOT EXISTS vector')
        return this.requireVector()
      }
      const version: string = rows[0].extversion
      const [major, minor] = version.split('.').map(Number)
      const [leastMajor, leastMinor] = LEAST_PGVECTOR
      if (major < leastMajor || (major === leastMajor && minor < leastMinor)) throw unsuitable(version, url)
    },
    close: () => pool.end(),
  }
}

function unsuitable(got: string, url: string): HydraError {
  return new HydraError('INDEX_UNSUITABLE', {
    expected: `the extension vector (pgvector) ${LEAST_PGVECTOR.join('.')} or later`,
    got,
    remedy: 'Install pgvector on the server, or update it: ALTER EXTENSION vector UPDATE.',
    where: url,
  })
}

/** By SQLSTATE's class (PostgreSQL, appendix A), or Node's own word for a connection that failed. @internal */
export function postgresError(error: unknown, url: string): HydraError {
  if (error instanceof HydraError) return error
  const { code = '', message = String(error) } = error as { code?: string; message?: string }
  const failure = (): Failure | null => {
    if (code === '53100') return 'full'
    if (code === '42P01') return 'gone'
    if (code === '22000' && /dimensions/.test(message)) return 'width'
    if (isConnection(code, message)) return 'silent'
    return /^[0-9A-Z]{5}$/.test(code) ? 'refused' : null
  }
  const kind = failure()
  const engine = { title: 'PostgreSQL', where: url, credential: 'PGUSER, PGPASSWORD' }
  return kind
    ? engineFailure(kind, engine, `${message}${code ? ` (${code})` : ''}`, error)
    : toHydraError(error)
}

/** Class 08 is lost connections, 57P0x a server that goes down or comes up, 53300 one without a connection left. */
function isConnection(code: string, message: string): boolean {
  return (
    /^(08...|57P0.|53300)$/.test(code) ||
    /^E(CONN|TIMEDOUT|PIPE|HOST|NET|AI_)|^ENOTFOUND$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
      message,
    )
  )
}
