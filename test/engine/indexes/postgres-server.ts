import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

/** PostgreSQL with pgvector, in this process and in memory, behind a socket that can be cut. */
export async function startPostgres() {
  const db = await PGlite.create({ extensions: { vector } })
  const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1', maxConnections: 8 })
  await server.start()
  const port = Number(server.getServerConn().split(':').at(-1))
  const open = new Set<Socket>()
  const line = createServer((client) => {
    const inner = connect(port, '127.0.0.1')
    for (const one of [client, inner]) {
      open.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        open.delete(one)
        client.destroy()
        inner.destroy()
      })
    }
    client.pipe(inner).pipe(client)
  })
  line.listen(0, '127.0.0.1')
  await once(line, 'listening')
  return {
    url: `postgresql://postgres@127.0.0.1:${(line.address() as AddressInfo).port}/postgres`,
    /** As a network does that goes away. */
    cut: () => {
      for (const one of open) one.destroy()
    },
    ask: async (sql: string) => (await db.query<Record<string, unknown>>(sql)).rows,
    async stop() {
      line.close()
      for (const one of open) one.destroy()
      await server.stop()
      await db.close()
    },
  }
}
