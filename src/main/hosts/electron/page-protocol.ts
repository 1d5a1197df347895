import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import { findPageFile } from '../page/find-page-file'
import { contentSecurityPolicy, PAGE_HEADERS } from '../page/page-policy'
import { isPageAddress, PAGE_SCHEME } from './page-address'

/** Must happen before the application is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves out/renderer, and nothing else, under app://workbench. */
export function servePage(pageRoot: string): void {
  const headers = { ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy("'self'") }
  protocol.handle(PAGE_SCHEME, async (request) => {
    const url = new URL(request.url)
    const file = isPageAddress(request.url) ? await findPageFile(pageRoot, url.pathname) : null
    if (!file || request.method !== 'GET') return new Response('not found', { status: 404, headers })
    return new Response(await readFile(file.path), { headers: { ...headers, 'content-type': file.type } })
  })
}
