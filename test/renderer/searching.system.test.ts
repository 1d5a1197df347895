/// <reference types="node" />
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFindings,
  missingBrowser,
  openBrowser,
  openPage,
  type TestBrowser,
} from '../e2e/open-browser'
import { UNSENT } from './fixture-playground'
import { type FixtureServer, startFixtureServer } from './fixture-server'
import { visit } from './visit'

const renderer = resolve(import.meta.dirname, '../../out/renderer')

describe.skipIf(missingBrowser())('the playground, and the page Export', () => {
  let browser: TestBrowser
  let full: FixtureServer

  beforeAll(async () => {
    browser = await openBrowser()
    full = await startFixtureServer({ renderer, scenario: 'full' })
  })
  afterAll(async () => {
    await browser?.close()
    await full?.stop()
  })

  it('let a whole run leave, which needs no card', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await visit(page, full, '/export?run=demo-strict')
    const card = page.getByRole('combobox', { name: 'Card' })
    await card.waitFor()
    await page.getByLabel('Format').selectOption({ label: 'Compiler' })
    await page.getByRole('heading', { name: 'A compiler' }).waitFor()
    expect(await card.count()).toBe(0)
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await page.getByRole('heading', { name: 'Written' }).waitFor()
    // W ranks nothing.
    expect(await page.getByRole('row', { name: /compiler\.onnx/ }).allTextContents()).toEqual([
      expect.stringContaining('–'),
    ])
    await page.close()
  })

  it('rank while one types, with marks for what moved, and give a link to it', {
    timeout: 60_000,
  }, async () => {
    const { page } = await openPage(browser)
    // The address of the page before it grew.
    await visit(page, full, '/search?run=demo-strict')
    const card = page.getByRole('region', { name: 'This card' }).getByRole('listitem')
    await expect.poll(() => card.count()).toBe(10)
    expect(page.url()).toContain('/playground?')
    // It opens on a card that was never trained, with a judged query of its task.
    await page.getByText('never trained', { exact: true }).first().waitFor()
    await page.getByText('Judged: 3 relevant documents').waitFor()
    const query = page.getByLabel('Query', { exact: true })
    expect(await query.inputValue()).toBe('wedding')
    const first = await card.allTextContents()
    await query.press('End')
    await query.pressSequentially(' dance', { delay: 20 })
    await expect.poll(() => card.allTextContents()).not.toEqual(first)
    const description = page.getByLabel('Description')
    await description.fill('find the dance')
    await page.getByText('edited', { exact: true }).waitFor()
    await page.getByLabel('Strength of the head').fill('0.5')
    await page.getByText('BM25', { exact: true }).first().click()
    for (const part of [
      'q=wedding+dance',
      'describe=find+the+dance',
      'alpha=0.5',
      'systems=frozen,this+card,BM25',
    ])
      await expect.poll(() => page.url()).toContain(part)
    await page.locator('[aria-busy="false"]').waitFor()
    const settled = await card.allTextContents()
    await page.reload()
    await expect.poll(() => card.allTextContents()).toEqual(settled)
    expect(await description.inputValue()).toBe('find the dance')
    expect(await page.getByLabel('Strength of the head').inputValue()).toBe('0.5')
    // Who leaves while the address still follows the typing is not called back, though the next page is slow to load.
    await page.route(/assets\/export-page.*\.js/, async (request) => {
      await new Promise((go) => setTimeout(go, 800))
      await request.continue()
    })
    await query.press('End')
    await query.pressSequentially('s')
    await page.getByRole('link', { name: 'Export head' }).click()
    await page.getByRole('heading', { level: 1, name: 'Export' }).waitFor({ timeout: 10_000 })
    await page.context().close()
  })

  it('ask before a corpus is sent to a service for its first search, and search once a person agrees', {
    timeout: 60_000,
  }, async () => {
    const { page } = await openPage(browser)
    await visit(page, full, `/playground?run=demo-strict&q=${encodeURIComponent(UNSENT)}`)
    const sent = page.getByRole('button', { name: 'See what would be sent' })
    await sent.click()
    const dialog = page.getByRole('dialog', { name: 'Send the texts?' })
    await dialog.getByText('3,000 texts with about 96,000 tokens to Made Service').waitFor()
    expect(await accessibilityFindings(page)).toEqual([])
    // Escape sends nothing.
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(await page.getByRole('region', { name: 'Frozen' }).count()).toBe(0)
    await sent.click()
    await dialog.getByRole('button', { name: 'Send and start' }).click()
    await expect
      .poll(() => page.getByRole('region', { name: 'Frozen' }).getByRole('listitem').count())
      .toBe(10)
    await page.context().close()
  })

  it('say why a document stands where it does, save the card, and begin with it again', {
    timeout: 60_000,
  }, async () => {
    const { page } = await openPage(browser)
    await visit(page, full, '/playground?run=demo-strict&q=snow')
    await page.getByLabel('Description').fill('find the vehicle')
    await page.getByLabel('Domain').fill('winter')
    // Dimmed rankings answer the text before.
    await expect.poll(() => page.url()).toContain('winter')
    await page.locator('[aria-busy="false"]').waitFor()
    const ranking = page.getByRole('region', { name: 'This card' })
    await ranking.getByRole('link').first().click()
    const drawer = page
      .getByRole('region')
      .filter({ has: page.getByRole('button', { name: 'Close' }) })
      .last()
    await drawer.getByText('1 of the first 10 under This card').waitFor()
    await drawer.getByRole('row', { name: /^description find the vehicle −\.100/ }).waitFor()
    await drawer.getByRole('row', { name: /^domain winter \+\.020/ }).waitFor()
    expect(await accessibilityFindings(page)).toEqual([])
    // The arrows go on through the ranking, the document with them; so do its own buttons.
    await ranking.getByRole('link').first().focus()
    await page.keyboard.press('ArrowDown')
    await drawer.getByText('2 of the first 10 under This card').waitFor()
    await drawer.getByRole('button', { name: 'Next' }).click()
    await drawer.getByText('3 of the first 10 under This card').waitFor()
    await drawer.getByRole('button', { name: 'Previous' }).click()
    await drawer.getByText('2 of the first 10 under This card').waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor()
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    await page.getByRole('heading', { level: 1 }).click()
    await page.keyboard.press('/')
    expect(await page.locator('input:focus').getAttribute('aria-keyshortcuts')).toBe('/')
    for (const answer of ['Save', 'Replace it']) {
      await page.getByRole('button', { name: 'Save as card' }).click()
      await page.getByRole('dialog').getByLabel('Name').fill('Snow vehicles')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      if (answer === 'Save') await page.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    await page.getByText('CARD_EXISTS').waitFor()
    await page.getByRole('button', { name: 'Replace it' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await expect.poll(() => page.url()).toContain('task=card:snow-vehicles')
    await expect.poll(() => page.getByLabel('Domain').inputValue()).toBe('winter')
    await page.getByRole('link', { name: 'Export head' }).click()
    await page.getByRole('heading', { level: 1, name: 'Export' }).waitFor()
    expect(page.url()).toMatch(/run=demo-strict/)
    await page.context().close()
  })
})
