import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, sep } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** What a test makes go wrong; it may be changed while the server runs. */
export interface HubFaults {
  /** Only for requests with this token. */
  token?: string
  /** Ends the connection after so many bytes of a large file, so often. */
  cutAfter?: number
  cuts?: number
  /**
   * Waited for before a connection ends: that the client has put away so many bytes of the file. A stream that fails drops what
   * it has received and nobody has read yet, so that without this a busy machine goes on from an earlier byte.
   */
  stored?(bytes: number): Promise<void>
  /** Sends other bytes of the same length for this file. */
  corrupt?: string
  /** Ignores ranges. */
  whole?: boolean
  /** Bytes of a large file a tick of 5 ms. */
  slow?: number
}

export interface HubServer {
  readonly endpoint: string
  readonly faults: HubFaults
  /** `GET path range authorization` of every request. */
  readonly requests: { path: string; range: string | undefined; authorization: string | undefined }[]
}

export const COMMIT = 'c0ffee'.padEnd(40, '0')
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const gitHash = (bytes: Buffer) =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')

/** A hub on this machine with one model: listing, redirect of large files to a storage of another origin, ranges, ETags. */
export async function startHub(id: string, folder: string, faults: HubFaults = {}): Promise<HubServer> {
  const files = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.\w+$/.test(path) && !path.includes('reference-'))
      .map((path) => [path.split(sep).join('/'), readFileSync(join(folder, path))]),
  )
  const isLarge = (path: string) => /\.(onnx|safetensors)$/.test(path)
  const requests: HubServer['requests'] = []
  const seen = (request: IncomingMessage) =>
    requests.push({
      path: request.url ?? '',
      range: request.headers.range,
      authorization: request.headers.authorization,
    })

  const storage = await listen((request, response) => {
    seen(request)
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://storage').pathname.slice(1))
    void send(request, response, path, files.get(path)!, faults)
  })
  const endpoint = await listen((request, response) => {
    seen(request)
    const url = new URL(request.url ?? '', 'http://hub')
    if (faults.token && request.headers.authorization !== `Bearer ${faults.token}`) {
      response.writeHead(401).end('who are you?')
      return
    }
    if (url.pathname === `/api/models/${id}/revision/main`) {
      const siblings = [...files].map(([rfilename, bytes]) => ({
        rfilename,
        size: bytes.length,
        blobId: gitHash(bytes),
        ...(isLarge(rfilename) ? { lfs: { sha256: sha256(bytes), size: bytes.length } } : {}),
      }))
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ sha: COMMIT, siblings }))
      return
    }
    const path = decodeURIComponent(url.pathname).replace(`/${id}/resolve/${COMMIT}/`, '')
    const bytes = files.get(path)
    if (!bytes) {
      response.writeHead(404).end()
      return
    }
    if (!isLarge(path)) {
      void send(request, response, path, bytes, faults)
      return
    }
    response.writeHead(302, {
      location: `${storage}/${path}?signature=s3cret`,
      'x-linked-etag': `"${sha256(bytes)}"`,
      'x-linked-size': String(bytes.length),
    })
    response.end()
  })
  return { endpoint, faults, requests }
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  bytes: Buffer,
  faults: HubFaults,
): Promise<void> {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const start = faults.whole ? 0 : from
  const content = Buffer.from(faults.corrupt === path ? bytes.map((byte) => byte ^ 1) : bytes).subarray(start)
  const large = /\.(onnx|safetensors)$/.test(path)
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': content.length,
    etag: `"${gitHash(bytes)}"`,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
  })
  if (large && faults.cutAfter !== undefined && (faults.cuts ?? 0) > 0) {
    faults.cuts = (faults.cuts ?? 0) - 1
    const sent = start + faults.cutAfter
    response.write(content.subarray(0, faults.cutAfter))
    await (faults.stored?.(sent) ?? setTimeout(20))
    response.destroy()
    return
  }
  if (large && faults.slow !== undefined) {
    for (let at = 0; at < content.length && !response.destroyed; at += faults.slow) {
      response.write(content.subarray(at, at + faults.slow))
      await setTimeout(5)
    }
    response.end()
    return
  }
  response.end(content)
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<string> {
  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
