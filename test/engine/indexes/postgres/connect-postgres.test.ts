import { describe, expect, it } from 'vitest'
import { connectPostgres, postgresError } from '../../../../src/main/engine/indexes/postgres/connect-postgres'

/** Stands in for a server of another version: its answers in order. */
function connectTo(answers: readonly (readonly object[])[]) {
  const left = [...answers]
  const Pool = class {
    on() {}
    query = async () => ({ rows: left.shift() ?? [] })
  }
  return connectPostgres({ Pool } as unknown as Parameters<typeof connectPostgres>[0], 'postgresql://host/db')
}

describe('a PostgreSQL server', () => {
  it.each([['0.7.4'], ['0.5.1']])('with pgvector %s is refused', async (extversion) => {
    await expect(connectTo([[{ extversion }]]).requireVector()).rejects.toMatchObject({
      code: 'INDEX_UNSUITABLE',
    })
  })

  it.each([['0.8.0'], ['0.10.2'], ['1.0.0']])('with pgvector %s is taken', async (extversion) => {
    await expect(connectTo([[{ extversion }]]).requireVector()).resolves.toBeUndefined()
  })

  it('without pgvector is refused, and one that offers it gets it', async () => {
    await expect(connectTo([[], []]).requireVector()).rejects.toMatchObject({ code: 'INDEX_UNSUITABLE' })
    await expect(
      connectTo([[], [{}], [], [{ extversion: '0.8.1' }]]).requireVector(),
    ).resolves.toBeUndefined()
  })

  it.each([
    ['53100', 'could not extend file', 'DISK_FULL'],
    ['57P01', 'terminating connection due to administrator command', 'INDEX_UNREACHABLE'],
    ['ECONNREFUSED', 'connect ECONNREFUSED', 'INDEX_UNREACHABLE'],
    ['', 'Connection terminated unexpectedly', 'INDEX_UNREACHABLE'],
    ['28P01', 'password authentication failed', 'INDEX_REFUSED'],
    ['42501', 'permission denied for schema public', 'INDEX_REFUSED'],
    ['22000', 'expected 16 dimensions, not 24', 'INDEX_MISMATCH'],
    ['42P01', 'relation does not exist', 'INDEX_UNKNOWN'],
    ['', 'something of our own', 'INTERNAL'],
  ])('that answers %s (%s) is told as %s', (code, message, expected) => {
    const error = Object.assign(new Error(message), code ? { code } : {})
    expect(postgresError(error, 'postgresql://host/db').code).toBe(expected)
  })
})
