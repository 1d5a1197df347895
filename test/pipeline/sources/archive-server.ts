import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** An archive of files on this machine, with ranges. */
export interface ArchiveServer {
  readonly endpoint: string
  /** `path range` of every request. */
  readonly requests: string[]
  /** Connections that end after half of what was asked, from now on. */
  cuts: number
}

export async function startArchive(files: Readonly<Record<string, Uint8Array>>): Promise<ArchiveServer> {
  const archive = { endpoint: '', requests: [] as string[], cuts: 0 }
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    archive.requests.push(`${path} ${request.headers.range ?? 'whole'}`)
    const content = files[path.slice(1)]
    if (!content) {
      response.writeHead(404).end()
      return
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from >= content.length) {
      response.writeHead(416).end()
      return
    }
    const rest = content.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    })
    if (archive.cuts === 0) {
      response.end(rest)
      return
    }
    archive.cuts--
    response.write(rest.subarray(0, Math.ceil(rest.length / 2)))
    await setTimeout(50)
    response.destroy()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  archive.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return archive
}
