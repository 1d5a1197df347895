import { createHash, createHmac } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { isSame } from '../bearer-token'

/** The two ways in: the token, or a browser that once had it, which keeps a cookie and a page key. */
export interface WebAccess {
  readonly token: string
  /**
   * Kept from scripts, but a browser sends it to whatever listens on this machine, whichever the port: alone it opens
   * nothing. Named after the workspace, so that two hosts do not take each other's place.
   */
  readonly cookie: { readonly name: string; readonly value: string }
  /** Kept by the page in a storage that belongs to one port: alone it opens nothing either. */
  readonly pageKey: string
}

/** What opens the line to a workspace: its token, and what follows from that. */
export async function deriveAccess(workspace: string, token: string): Promise<WebAccess> {
  const derive = (what: string) => createHmac('sha256', token).update(what).digest('base64url')
  const folder = createHash('sha256').update(await realpath(workspace))
  return {
    token,
    cookie: { name: `hydra-${folder.digest('hex').slice(0, 16)}`, value: derive('cookie') },
    pageKey: derive('page'),
  }
}

/** Whether a request for the line, or what lies below its path, may have it: `key` is the token, or the page key beside the cookie. */
export function isAllowed(request: IncomingMessage, key: string | null, access: WebAccess): boolean {
  const cookie = readCookie(request.headers.cookie, access.cookie.name)
  const byToken = isSame(key, access.token)
  const byPage = isSame(key, access.pageKey)
  const byCookie = isSame(cookie, access.cookie.value)
  return byToken || (byPage && byCookie)
}

/**
 * Whether a request comes from this machine's own view of the host: a page of another site that a browser resolves to
 * 127.0.0.1 (DNS rebinding) names another Host.
 */
export function isOwnHost(request: IncomingMessage, port: number): boolean {
  return ownHosts(port).includes(request.headers.host ?? '')
}

/** A WebSocket ignores the same-origin rule, so the Origin that the browser adds is checked here. */
export function isOwnOrigin(request: IncomingMessage, port: number): boolean {
  return ownHosts(port).some((host) => request.headers.origin === `http://${host}`)
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}

function ownHosts(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`]
}
