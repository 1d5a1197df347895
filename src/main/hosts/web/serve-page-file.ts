import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { findPageFile } from '../page/find-page-file'

/** Serves out/renderer. The build names its assets by content, so they may be cached for ever; the page itself may not. */
export async function servePageFile(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const urlPath = new URL(request.url ?? '/', 'http://localhost').pathname
  const file = await findPageFile(root, urlPath)
  if (!file) {
    response.writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end('not found\n')
    return
  }
  response.writeHead(200, {
    ...headers,
    'content-type': file.type,
    'content-length': String((await stat(file.path)).size),
    'cache-control': urlPath.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (request.method === 'HEAD') response.end()
  else
    createReadStream(file.path)
      .on('error', () => response.destroy())
      .pipe(response)
}
