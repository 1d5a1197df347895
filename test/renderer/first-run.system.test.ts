/// <reference types="node" />
import { resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFindings,
  missingBrowser,
  openBrowser,
  openPage,
  type TestBrowser,
  type WatchedPage,
} from '../e2e/open-browser'
import { type FixtureServer, startFixtureServer } from './fixture-server'

const renderer = resolve(import.meta.dirname, '../../out/renderer')

describe.skipIf(missingBrowser())('the first run', () => {
  let browser: TestBrowser
  let server: FixtureServer
  let opened: WatchedPage
  let page: Page

  beforeAll(async () => {
    browser = await openBrowser()
    server = await startFixtureServer({ renderer, scenario: 'empty' })
    opened = await openPage(browser, { viewport: { width: 1440, height: 900 } })
    page = opened.page
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  const tour = () => page.getByRole('dialog')
  const kept = () =>
    page.evaluate<string | undefined>(
      'Object.entries(localStorage).find(([key]) => key.includes(" tour "))?.[1]',
    )

  it('ends with an offer, three clicks from the demo to the first chart, and leads through real pages', {
    timeout: 60_000,
  }, async () => {
    await page.goto(server.url)
    await page.getByRole('button', { name: 'Run the demo' }).waitFor()
    await expect.poll(kept).toBe('"waiting"')
    expect(await tour().count()).toBe(0)
    // What the demo leaves behind, without its minutes.
    const { port } = server
    await server.stop()
    server = await startFixtureServer({ renderer, scenario: 'full', port })
    await tour().getByText('The first verdict is here').waitFor({ timeout: 30_000 })
    // Nobody who types is interrupted.
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true)

    await tour().getByRole('button', { name: 'Show me' }).click()
    await tour().getByRole('heading', { name: 'The verdict' }).waitFor()
    expect(await accessibilityFindings(page)).toEqual([])
    const focused = () => page.evaluate<string>('document.activeElement.textContent')
    await expect.poll(focused).toBe('Next')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor()
    await page.locator('main figure').first().waitFor()
    await expect.poll(focused).toBe('Next')
    // The ring is where the chart is.
    const [ring, chart] = await Promise.all([
      page.locator('.tour-ring').boundingBox(),
      page.locator('main figure').first().boundingBox(),
    ])
    expect(Math.round(ring!.x - chart!.x)).toBe(0)
    expect(Math.round(ring!.y - chart!.y)).toBe(0)

    await page.reload()
    await tour().getByRole('heading', { name: 'The ladder' }).waitFor()
    await tour().getByRole('button', { name: 'Next' }).click()
    await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor()
    await tour().getByRole('button', { name: 'Done' }).click()
    expect(await tour().count()).toBe(0)
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('main')
    expect(opened.complaints.filter((line) => !/WebSocket|Failed to load|ERR_/.test(line))).toEqual([])
  })

  it('is not offered again, and from the palette is left by Escape', async () => {
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor()
    expect(await kept()).toBe('"over"')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /^Go to a page/ }).fill('take the tour')
    await page.keyboard.press('Enter')
    await tour().getByRole('heading', { name: 'The verdict' }).waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => tour().count()).toBe(0)
    expect(await kept()).toBe('"over"')
  })

  it('says of no run with a verdict that it has none, not for a moment', async () => {
    const visit = await openPage(browser)
    await visit.page.addInitScript(`
      window.said = []
      new MutationObserver(() => {
        if (document.body?.textContent.includes('no verdict yet')) window.said.push(performance.now())
      }).observe(document, { childList: true, subtree: true, characterData: true })`)
    await visit.page.goto(server.url)
    await visit.page.getByRole('article').getByText('nDCG@10').first().waitFor()
    expect(await visit.page.evaluate('said')).toEqual([])
    await visit.page.context().close()
  })
})
