/** The window's own scheme: a real origin, unlike file:, so that the policy's 'self' means something. */
export const PAGE_SCHEME = 'app'
const PAGE_ORIGIN = `${PAGE_SCHEME}://workbench`

/** Whether an address is our page: everything else may neither be shown nor answered. */
export function isPageAddress(address: string | undefined): boolean {
  return address !== undefined && URL.canParse(address) && address.startsWith(`${PAGE_ORIGIN}/`)
}

/** The page at a route: `/cards?import=…`. */
export function pageAddress(route = '/'): string {
  return `${PAGE_ORIGIN}/index.html#${route}`
}
