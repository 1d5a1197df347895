import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { RequestHeadersPlugin } from '@orpc/server/plugins'
import { RPCHandler } from '@orpc/server/ws'
import { type PerMessageDeflateOptions, WebSocketServer } from 'ws'
import { HydraError } from '../../../shared/errors'
import type { ServiceRouter } from '../../services/create-services'
import { bearer } from '../bearer-token'
import { contentSecurityPolicy, PAGE_HEADERS } from '../page/page-policy'
import { receiveUpload, UPLOAD_PATH, type UploadPlace } from './receive-upload'
import { EXPORT_PATH, type ExportedFile, sendExport } from './send-export'
import { createPageServer } from './serve-page-file'
import { LINE_PATH, SESSION_PATH, serveSession } from './serve-session'
import { deriveAccess, isAllowed, isOwnHost, isOwnOrigin } from './web-access'

/** A request is a form's worth of JSON: bulk bytes go through files. Inflated, where it comes deflated. */
const LARGEST_MESSAGE = 4 * 2 ** 20
/**
 * Messages of more than one packet are deflated, each on its own, so that a quiet line keeps no window in memory. Level 3
 * leaves a seventh of a verdict of 846 kB, in 17 ms of another thread; 6 takes four times as long for a tenth less.
 */
const DEFLATE: PerMessageDeflateOptions = {
  threshold: 1024,
  serverNoContextTakeover: true,
  clientNoContextTakeover: true,
  zlibDeflateOptions: { level: 3 },
}
/** Often enough that an SSH tunnel or a proxy does not take a quiet line for a dead one. */
const HEARTBEAT_MS = 30_000

export interface WebHost {
  readonly port: number
  readonly token: string
  /** With the token in the fragment, which no browser sends anywhere. */
  readonly url: string
  close(): Promise<void>
}

/** The window over HTTP, and the contract over a WebSocket, for this machine only. */
export async function openWebHost(options: {
  readonly router: ServiceRouter
  readonly workspace: string
  /** The workspace's own. */
  readonly token: string
  readonly uploads: UploadPlace
  readonly exportedFile: ExportedFile
  /** out/renderer */
  readonly pageRoot: string
  readonly port: number
}): Promise<WebHost> {
  const access = await deriveAccess(options.workspace, options.token)
  const handler = new RPCHandler(options.router, { plugins: [new RequestHeadersPlugin()] })
  const servePageFile = createPageServer(options.pageRoot)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: DEFLATE,
  })
  let port = options.port

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const headers = {
      ...PAGE_HEADERS,
      'content-security-policy': contentSecurityPolicy(
        `'self' ws://127.0.0.1:${port} ws://localhost:${port}`,
      ),
    }
    const reads = request.method === 'GET' || request.method === 'HEAD'
    const asksForSession = request.method === 'POST' && request.url === SESSION_PATH
    const sendsFile = request.method === 'POST' && request.url?.startsWith(`${UPLOAD_PATH}/`) === true
    const asksForExport = request.method === 'POST' && request.url?.startsWith(`${EXPORT_PATH}/`) === true
    if (!isOwnHost(request, port)) response.writeHead(421, headers).end()
    else if (reads) await servePageFile(request, response, headers)
    else if (!asksForSession && !sendsFile && !asksForExport) response.writeHead(405, headers).end()
    else if (!isOwnOrigin(request, port)) response.writeHead(403, headers).end()
    else if (asksForSession) await serveSession(request, response, access, headers)
    else if (!isAllowed(request, bearer(request), access)) response.writeHead(401, headers).end()
    else if (asksForExport) await sendExport(request, response, options.exportedFile, headers)
    else await receiveUpload(request, response, options.uploads, headers)
  }
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (!isOwnHost(request, port)) refuse(socket, '421 Misdirected Request')
    else if (url.pathname !== LINE_PATH) refuse(socket, '404 Not Found')
    else if (!isOwnOrigin(request, port)) refuse(socket, '403 Forbidden')
    else if (!isAllowed(request, url.searchParams.get('key'), access)) refuse(socket, '401 Unauthorized')
    else {
      sockets.handleUpgrade(request, socket, head, (line) => {
        line.on('error', () => line.terminate())
        void handler.upgrade(line)
      })
    }
  })

  const heartbeat = setInterval(() => {
    for (const line of sockets.clients) line.ping()
  }, HEARTBEAT_MS)
  heartbeat.unref()

  await listen(server, options.port)
  port = (server.address() as AddressInfo).port
  return {
    port,
    token: access.token,
    url: `http://127.0.0.1:${port}/#token=${access.token}`,
    async close() {
      clearInterval(heartbeat)
      for (const line of sockets.clients) line.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      failed(
        new HydraError('USAGE', {
          expected: 'a port on 127.0.0.1 that may be used',
          got: error.code === 'EADDRINUSE' ? `${port}, which another program uses` : error.message,
          remedy: 'Name another one, or none for a free one.',
          command: 'hydra serve --port N',
        }),
      )
    })
    server.listen(port, '127.0.0.1', () => listening())
  })
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
