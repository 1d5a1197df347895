const TOKEN = 'hydra.token'
const PAGE_KEY = 'hydra.page'
/** Where the host gives a page that shows its token what other tabs of the browser get in with. */
const SESSION = '/session'

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
 * What opens the line to the web host, or null. The token comes once in the address, leaves the address bar at once (so that
 * it is not bookmarked, shared or logged) and stays in this tab's session storage. A tab that never had it uses the page key
 * that one before it was given, which counts only beside the cookie that came with it.
 */
export function takeKey(page: Window): string | null {
  const { token, path } = parseFragment(page.location.hash)
  if (token) {
    page.sessionStorage.setItem(TOKEN, token)
    page.history.replaceState(null, '', `${page.location.pathname}${page.location.search}#${path ?? '/'}`)
    void letOtherTabsIn(page, token)
  }
  return token ?? page.sessionStorage.getItem(TOKEN) ?? page.localStorage.getItem(PAGE_KEY)
}

/**
 * A full address that is put into a tab where the workbench is open already changes the fragment alone: nothing is loaded, and a
 * router would look for a page of that name. It opens what it names, as in a new tab. To be called before a router listens.
 */
export function heedFullAddress(page: Window): void {
  page.addEventListener('popstate', (event) => {
    if (!parseFragment(page.location.hash).token) return
    event.stopImmediatePropagation()
    takeKey(page)
    page.location.reload()
  })
}

/** A host that is gone, or takes no such token, says so on the line: here nothing is lost. */
async function letOtherTabsIn(page: Window, token: string): Promise<void> {
  const answer = await page.fetch(SESSION, { method: 'POST', body: token }).catch(() => null)
  if (answer?.ok) page.localStorage.setItem(PAGE_KEY, await answer.text())
}
