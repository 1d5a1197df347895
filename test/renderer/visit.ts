import type { Page } from 'playwright-core'
import type { FixtureServer } from './fixture-server'

/** A page of the fixture by its address, as a new tab opens it. */
export async function visit(page: Page, server: FixtureServer, path: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`${server.url}&path=${encodeURI(path)}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
}
