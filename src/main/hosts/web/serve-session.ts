import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { isSame } from '../bearer-token'
import type { WebAccess } from './web-access'

/** Where the line is: the only place that the cookie is sent to. */
export const LINE_PATH = '/rpc'
/** Where a page hands in the token that stood in its address. */
export const SESSION_PATH = '/session'
/** Longer than any token, bytes. */
const LONGEST_TOKEN = 256

/**
 * A page that shows the token gets what lets other tabs of its browser in without it: the cookie in a header, the page key in
 * the body. Whoever calls has checked Host and Origin.
 */
export async function serveSession(
  request: IncomingMessage,
  response: ServerResponse,
  access: WebAccess,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const length = Number(request.headers['content-length'])
  if (!(length <= LONGEST_TOKEN)) response.writeHead(413, { ...headers, connection: 'close' }).end()
  else if (!isSame(await text(request), access.token)) response.writeHead(401, headers).end()
  else {
    const { name, value } = access.cookie
    response
      .writeHead(200, {
        ...headers,
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
        // Until the browser is closed. Not `Secure`: the host speaks plain HTTP to this machine.
        'set-cookie': `${name}=${value}; HttpOnly; SameSite=Strict; Path=${LINE_PATH}`,
      })
      .end(access.pageKey)
  }
}
