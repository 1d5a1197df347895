/// <reference types="node" />

import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { RequestHeadersPlugin } from '@orpc/server/plugins'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { FixtureJobs } from './fixture-jobs'
import { fixtureRouter } from './fixture-router'

export interface FixtureServer {
  readonly port: number
  readonly url: string
  /** Cuts every line and stops to answer. */
  stop(): Promise<void>
}

export interface FixtureOptions {
  /** Folder of the built renderer. */
  readonly renderer: string
  /** `empty`: nothing was ever done. `full`: two datasets, a demo with its companion, a failed and an interrupted run. */
  readonly scenario: 'empty' | 'full'
  readonly port?: number
  /** Milliseconds from one event of a job to the next. */
  readonly pace?: number
}

const TOKEN = 'fixture'

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** The policy that the real hosts send: a page that needs more would fail here first. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self' ws:; object-src 'none'"

/** The contract over fixture data in memory, and the built page: the renderer's own tests need no engine. */
export async function startFixtureServer(options: FixtureOptions): Promise<FixtureServer> {
  const jobs = new FixtureJobs(options.pace ?? 30)
  const handler = new RPCHandler(fixtureRouter(options.scenario, jobs), {
    plugins: [new RequestHeadersPlugin()],
  })
  const http = createServer(async (request, response) => {
    if (request.method === 'POST' && request.url === '/session') {
      response.writeHead(200).end(TOKEN)
      return
    }
    const path = normalize(new URL(request.url ?? '/', 'http://local').pathname)
    const file = join(options.renderer, path === '/' ? 'index.html' : path)
    const found = await stat(file).then(
      (stats) => stats.isFile(),
      () => false,
    )
    response.writeHead(found ? 200 : 404, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      ...(path.startsWith('/assets/') && { 'cache-control': 'public, max-age=31536000, immutable' }),
    })
    if (found) createReadStream(file).pipe(response)
    else response.end()
  })
  const sockets = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, socket, head) => {
    if (new URL(request.url ?? '/', 'http://local').searchParams.get('key') !== TOKEN) socket.destroy()
    else sockets.handleUpgrade(request, socket, head, (line) => void handler.upgrade(line))
  })
  await new Promise<void>((resolve) => http.listen(options.port ?? 0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/#token=${TOKEN}`,
    async stop() {
      jobs.stop()
      for (const line of sockets.clients) line.terminate()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
