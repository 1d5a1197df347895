/// <reference types="node" />
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFindings, missingBrowser, openBrowser, openPage } from '../e2e/open-browser'
import { type FixtureServer, startFixtureServer } from './fixture-server'

const renderer = resolve(import.meta.dirname, '../../out/renderer')

describe.skipIf(missingBrowser())('addresses', () => {
  let browser: Browser
  let server: FixtureServer

  beforeAll(async () => {
    browser = await openBrowser()
    server = await startFixtureServer({ renderer, scenario: 'full' })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const go = async (page: Page, path: string) => {
    await page.goto('about:blank')
    await page.goto(`${server.url}&path=${encodeURI(path)}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  /** As a person edits the address bar. */
  const edit = (page: Page, path: string) =>
    page.evaluate(`location.hash = ${JSON.stringify(encodeURI(path))}`)

  it('that name no page, or no run, say so and lead on', { timeout: 60_000 }, async () => {
    const { page, complaints } = await openPage(browser)
    await go(page, '/nowhere/at/all')
    await page.getByText('No page has this address').waitFor()
    await page.getByText('/nowhere/at/all').waitFor()
    expect(await page.title()).toContain('Not found')
    expect(await accessibilityFindings(page)).toEqual([])
    await page.getByRole('main').getByRole('link', { name: 'Home' }).click()
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    for (const path of ['/playground?run=gone&q=wedding', '/compare?run=gone']) {
      await go(page, path)
      await page.getByText('The workspace has no run gone').waitFor()
      expect(await page.getByText('Type a query').count()).toBe(0)
      expect(page.url()).toContain('run=gone')
    }
    await page.getByRole('link', { name: 'Compare the last run' }).click()
    await page.getByRole('heading', { name: 'Ladder' }).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('are real links where a row, a card or the palette opens something', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await go(page, '/compare?run=demo-strict')
    const extremes = page.getByRole('region', { name: /^Unseen cards by lead/ })
    for (const link of await extremes.getByRole('link').all())
      expect(await link.getAttribute('href')).toMatch(/^#\/playground\?run=demo-strict&task=/)
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      extremes.getByRole('link').first().click({ button: 'middle' }),
    ])
    await tab.waitForURL(/#\/playground\?run=demo-strict&task=/)
    await tab.close()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Command palette' })
    await palette.waitFor()
    await page.keyboard.type('loose compare')
    const entry = palette.getByRole('option').first()
    await expect.poll(() => entry.getAttribute('href')).toBe('#/compare?run=demo-loose')
    expect(await accessibilityFindings(page)).toEqual([])
    const [other] = await Promise.all([
      page.context().waitForEvent('page'),
      entry.click({ modifiers: ['ControlOrMeta'] }),
    ])
    await other.waitForURL(/#\/compare\?run=demo-loose/)
    await other.close()
    expect(page.url()).toContain('run=demo-strict')
    await entry.click()
    await expect.poll(() => page.url()).toContain('run=demo-loose')
    await edit(page, '/compare?run=demo-strict&k=4')
    await page.getByRole('img', { name: /^nDCG@10 .*task card \.221/ }).waitFor()
    await page.context().close()
  })
})
