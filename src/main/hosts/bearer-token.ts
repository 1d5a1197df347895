import { createHash, timingSafeEqual } from 'node:crypto'

/** The key in a request's header: a page of another site that sets it has to ask first, and is refused. */
export function bearer({
  headers,
}: {
  readonly headers: { readonly authorization?: string }
}): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null
}

/** In constant time: hashed first, so that neither content nor length shows in how long it takes. */
export function isSame(given: string | null, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given ?? ''), digest(secret))
}
