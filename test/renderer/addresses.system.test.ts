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
} from '../e2e/open-browser'
import { type FixtureServer, startFixtureServer } from './fixture-server'

const renderer = resolve(import.meta.dirname, '../../out/renderer')

describe.skipIf(missingBrowser())('addresses', () => {
  let browser: TestBrowser
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

  it('with the token open what they name in a tab that is open already, and leave the token nowhere', {
    timeout: 60_000,
  }, async () => {
    const { page, complaints } = await openPage(browser)
    // Without a key there is only the page that asks for one.
    await page.goto(server.url.replace(/#.*/, ''))
    await page.getByText('#token=…').waitFor()
    await page.goto(`${server.url}&path=/compare`)
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor()
    await page.goto(`${server.url}&path=/runs`)
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    expect(page.url()).toMatch(/#\/runs$/)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('are real links where a row, a card or the palette opens something', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await go(page, '/compare?run=demo-strict')
    const tasks = page.getByRole('region', { name: 'Every task' })
    await tasks.getByRole('link').first().waitFor()
    for (const link of await tasks.getByRole('link').all())
      expect(await link.getAttribute('href')).toMatch(/^#\/playground\?run=demo-strict&task=/)
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      tasks.getByRole('link').first().click({ button: 'middle' }),
    ])
    await tab.waitForURL(/#\/playground\?run=demo-strict&task=/)
    await tab.close()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Command palette' })
    await palette.waitFor()
    await page.keyboard.type('one-way compare')
    const entry = palette.getByRole('option').first()
    await expect.poll(() => entry.getAttribute('href')).toBe('#/compare?run=demo-one-way')
    expect(await accessibilityFindings(page)).toEqual([])
    const [other] = await Promise.all([
      page.context().waitForEvent('page'),
      entry.click({ modifiers: ['ControlOrMeta'] }),
    ])
    await other.waitForURL(/#\/compare\?run=demo-one-way/)
    await other.close()
    expect(page.url()).toContain('run=demo-strict')
    await entry.click()
    await expect.poll(() => page.url()).toContain('run=demo-one-way')
    await edit(page, '/compare?run=demo-strict&k=4')
    await page.getByRole('img', { name: /^nDCG@10 .*task card \.221/ }).waitFor()
    await page.context().close()
  })

  it('of the playground are followed: palette, Back, and by hand', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await go(page, '/playground?run=demo-strict&q=snow&describe=find+the+vehicle')
    const query = page.getByLabel('Query', { exact: true })
    const card = page.getByLabel('Description')
    await expect.poll(() => card.inputValue()).toBe('find the vehicle')
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor()
    await page.keyboard.type('one-way playground')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByLabel('Run').inputValue()).toBe('demo-one-way')
    // As a fresh page would: a card that was never trained, with a judged query.
    await expect.poll(() => query.inputValue()).toBe('wedding')
    await page.goBack()
    await expect.poll(() => query.inputValue()).toBe('snow')
    expect(await card.inputValue()).toBe('find the vehicle')
    expect(await page.getByLabel('Run').inputValue()).toBe('demo-strict')
    await edit(page, '/playground?run=demo-strict&q=bread&describe=find+the+food')
    await expect.poll(() => card.inputValue()).toBe('find the food')
    await page.getByRole('region', { name: 'This card' }).getByRole('listitem').first().waitFor()
    expect(await query.inputValue()).toBe('bread')
    // Typing goes on from there, and the address with it.
    await query.press('End')
    await query.pressSequentially(' and wine', { delay: 10 })
    await expect.poll(() => page.url()).toContain('q=bread+and+wine')
    expect(await query.inputValue()).toBe('bread and wine')
    await page.context().close()
  })

  it('do without a card that was being written: it is there again', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await go(page, '/playground?run=demo-one-way')
    const card = page.getByLabel('Description')
    await expect.poll(() => card.inputValue()).not.toBe('')
    const before = await card.inputValue()
    await card.fill('find what one wears at a wedding')
    const open = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click()
    await open('Home')
    await open('Playground')
    await page.getByText('Restored draft').waitFor()
    expect(await card.inputValue()).toBe('find what one wears at a wedding')
    expect(await page.getByLabel('Run').inputValue()).toBe('demo-one-way')
    // Dimmed rankings answer the text before.
    await page.locator('[aria-busy="false"]').waitFor()
    await page.waitForTimeout(300)
    expect(await accessibilityFindings(page)).toEqual([])
    await page.reload()
    await expect.poll(() => card.inputValue()).toBe('find what one wears at a wedding')
    await open('Home')
    await open('Playground')
    await page.getByRole('button', { name: 'Clear it' }).click()
    await expect.poll(() => card.inputValue()).toBe(before)
    await open('Home')
    await open('Playground')
    await page.getByText('Judged queries').waitFor()
    expect(await page.getByText('Restored draft').count()).toBe(0)
    await page.context().close()
  })

  it('lose nothing of a training that was being chosen', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await go(page, '/train')
    const dataset = page.getByRole('checkbox', { name: /WordNet finds/ })
    await dataset.check()
    await page.getByLabel('Seed', { exact: true }).fill('7')
    await page.getByLabel('Seed', { exact: true }).press('Tab')
    await page.reload()
    await page.getByText('Restored draft').waitFor()
    expect(await dataset.isChecked()).toBe(true)
    expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('7')
    expect(await accessibilityFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Clear the form' }).click()
    await expect.poll(() => dataset.isChecked()).toBe(false)
    await page.reload()
    await dataset.waitFor()
    expect(await page.getByText('Restored draft').count()).toBe(0)
    await page.context().close()
  })
})
