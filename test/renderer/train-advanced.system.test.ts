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
import { type FixtureServer, startFixtureServer } from './fixture-server'

const renderer = resolve(import.meta.dirname, '../../out/renderer')

describe.skipIf(missingBrowser())('the advanced part of the Train form', () => {
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

  async function open(scheme: 'light' | 'dark' = 'light') {
    const { page, complaints } = await openPage(browser, { colorScheme: scheme })
    await page.goto(`${server.url}&path=/train`)
    const summary = page.locator('summary')
    await summary.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Variants' }).waitFor()
    return { page, complaints, summary }
  }

  it.each(['light', 'dark'] as const)(
    'passes axe with every type of field open: %s',
    { timeout: 60_000 },
    async (scheme) => {
      const { page, complaints } = await open(scheme)
      await page.getByLabel('Teacher', { exact: true }).selectOption('fusion')
      await page.getByLabel('Head', { exact: true }).selectOption('projection')
      await page.getByRole('checkbox', { name: 'Pairwise' }).check()
      await page.waitForTimeout(300)
      expect(await accessibilityFindings(page)).toEqual([])
      expect(complaints).toEqual([])
      await page.context().close()
    },
  )

  it('is made from the registries, and counts what differs from the preset', {
    timeout: 60_000,
  }, async () => {
    const { page, summary } = await open()
    expect(await page.getByLabel('Generator').locator('option').allInnerTexts()).toEqual([
      'Mixed basis',
      'Direct',
    ])
    // What the preset has stands greyed in an empty field.
    expect(await page.getByLabel('Learning rate').getAttribute('placeholder')).toBe('0.001')
    expect(await page.getByLabel('Clip norm').getAttribute('placeholder')).toBe('none')
    await page.getByLabel('Generator').selectOption('direct')
    await page.getByLabel('Learning rate').fill('0.01')
    await page.keyboard.press('Tab')
    await page.getByRole('checkbox', { name: 'queries', exact: true }).uncheck()
    expect(await summary.innerText()).toContain('3 changes')
    await page.getByLabel('Generator').selectOption('basis')
    expect(await summary.innerText()).toContain('2 changes')
    await page.getByRole('button', { name: 'Back to the preset' }).press('Enter')
    expect(await summary.innerText()).not.toContain('change')
    expect(await page.getByRole('checkbox', { name: 'queries', exact: true }).isChecked()).toBe(true)
    await page.context().close()
  })

  it('says what cannot work before anything is started', { timeout: 60_000 }, async () => {
    const { page } = await open()
    await page.getByLabel('Learning rate').fill('999')
    await page.keyboard.press('Tab')
    await page.getByRole('alert').getByText('USAGE').waitFor()
    await page.getByLabel('Learning rate').fill('0.5')
    await page.keyboard.press('Tab')
    await page.getByRole('alert').waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('keeps within a window of 640 px', { timeout: 60_000 }, async () => {
    const { page } = await open()
    await page.setViewportSize({ width: 640, height: 400 })
    const [scroll, client] = await page.evaluate<number[]>(
      `[document.querySelector('main').scrollWidth, document.querySelector('main').clientWidth]`,
    )
    expect(scroll).toBeLessThanOrEqual(client)
    await page.context().close()
  })
})
