import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { findPageFile } from '../page/find-page-file'
import { acceptedCoding } from './accepted-coding'
import { createEncodedFiles } from './encoded-files'

/** What text is: pictures and fonts are compressed already. */
const COMPRESSIBLE = /^text\/|\bjson\b|\+xml\b/

export type ServePageFile = (
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
) => Promise<void>

/**
 * Serves out/renderer, text compressed as the browser takes it. The build names its assets by content, so they may be cached
 * for ever; the page itself is asked for again each time, and answered 304 where it is the same.
 */
export function createPageServer(root: string): ServePageFile {
  const encodedFile = createEncodedFiles()
  return async (request, response, headers) => {
    const urlPath = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = await findPageFile(root, urlPath)
    if (!file) {
      response
        .writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' })
        .end(request.method === 'HEAD' ? undefined : 'not found\n')
      return
    }
    const compressible = COMPRESSIBLE.test(file.type)
    const { mtimeMs, size } = await stat(file.path)
    const { body, coding, etag } = await encodedFile({
      path: file.path,
      version: `${mtimeMs} ${size}`,
      coding: compressible ? acceptedCoding(request.headers['accept-encoding']) : null,
    })
    const about = {
      ...headers,
      etag,
      'cache-control': urlPath.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(compressible ? { vary: 'Accept-Encoding' } : {}),
    }
    if (isKnown(request.headers['if-none-match'], etag)) {
      response.writeHead(304, about).end()
      return
    }
    response.writeHead(200, {
      ...about,
      'content-type': file.type,
      'content-length': body.length,
      ...(coding ? { 'content-encoding': coding } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

/** Whether a client has this very body; weak and strong are alike here (RFC 9110, 13.1.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((one) => [etag, '*'].includes(one.trim().replace(/^W\//, '')))
}
