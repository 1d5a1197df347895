import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** 256 random bits, as text that needs no escaping in an address. */
export const TOKEN_BYTES = 32

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

/** In constant time: hashed first, so that neither content nor length shows in how long it takes. */
export function isToken(given: string | null, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given ?? ''), digest(token))
}

function ownHosts(port: number): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`]
}
