import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { HydraError } from '../../../shared/errors'
import { LINE_PATH } from './serve-session'

/** Below the line's path, since the cookie goes nowhere else. */
export const EXPORT_PATH = `${LINE_PATH}/export`

/** Where a file that a run exported lies. @throws HydraError for one that is not there */
export type ExportedFile = (run: string, file: string) => Promise<string>

/**
 * `POST /rpc/export/<run>/<file>`: an exported file, for a page that saves it where its browser runs. A POST, since a browser adds
 * its Origin to no GET of its own. Whoever calls has checked Host, Origin and key.
 */
export async function sendExport(
  request: IncomingMessage,
  response: ServerResponse,
  exportedFile: ExportedFile,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    const [run, ...file] = (request.url ?? '')
      .slice(EXPORT_PATH.length + 1)
      .split('/')
      .map(decodeURIComponent)
    const path = await exportedFile(run, file.join('/'))
    response.writeHead(200, {
      ...headers,
      'content-type': 'application/octet-stream',
      'content-length': String((await stat(path)).size),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(basename(path))}`,
      'cache-control': 'no-store',
    })
    await pipeline(createReadStream(path), response)
  } catch (error) {
    if (response.headersSent) throw error
    // A path that is no text, or a file that is not there.
    if (!(error instanceof HydraError || error instanceof URIError)) throw error
    response.writeHead(404, headers).end()
  }
}
