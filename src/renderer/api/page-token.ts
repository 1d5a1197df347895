const KEY = 'hydra.token'

interface PageAddress {
  readonly token: string | null
  /** The route asked for in the same fragment: `#token=…&path=/compare?run=…`. */
  readonly path: string | null
}

/** Reads `token` and `path` from a fragment such as `#token=abc&path=/search?q=wedding`; null where it holds none. @internal */
export function parseFragment(fragment: string): PageAddress {
  const body = fragment.replace(/^#/, '')
  const match = /^token=([^&]+)(?:&path=(.*))?$/.exec(body)
  if (!match) return { token: null, path: null }
  return { token: decodeURIComponent(match[1]), path: match[2] ? decodeURI(match[2]) : null }
}

/**
 * The access token of the web host. It comes once in the address, leaves the address bar at once (so that it is not
 * bookmarked, shared or logged) and stays in this tab's session storage.
 */
export function takeToken(page: Window): string | null {
  const { token, path } = parseFragment(page.location.hash)
  if (token) {
    page.sessionStorage.setItem(KEY, token)
    page.history.replaceState(null, '', `${page.location.pathname}${page.location.search}#${path ?? '/'}`)
  }
  return token ?? page.sessionStorage.getItem(KEY)
}
