/// <reference types="node" />
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingBrowser, openBrowser, openPage, type TestBrowser } from '../e2e/open-browser'
import { type FixtureServer, startFixtureServer } from './fixture-server'
import { visit } from './visit'

const renderer = resolve(import.meta.dirname, '../../out/renderer')

describe.skipIf(missingBrowser())('the page Compare', () => {
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

  it('tell tables of different k apart, as chart, as table and as a file', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await visit(page, full, '/compare?run=demo-strict')
    const chart = (name: RegExp) => page.getByRole('img', { name })
    await chart(/^nDCG@10 .*task card \.176.*best control is card as text/).waitFor()
    await page.getByText('k = 4', { exact: true }).click()
    await chart(/^nDCG@10 .*task card \.221.*best control is exemplar shift/).waitFor()
    expect(page.url()).toContain('k=4')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /unseen.* as CSV/ }).click(),
    ])
    const csv = readFileSync(await download.path(), 'utf8')
    expect(csv.split('\r\n')).toHaveLength(9)
    expect(csv).toContain('task card,yes,unseen,4,2046,0.221')
    const [image] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /unseen.* as PNG/ }).click(),
    ])
    expect([...readFileSync(await image.path()).subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
    await page
      .getByRole('figure', { name: /unseen/ })
      .getByRole('button', { name: 'Table' })
      .click()
    await page.getByRole('region', { name: /, table$/ }).waitFor()
    await page.getByRole('link', { name: 'Show the one-way hold-out' }).click()
    await chart(/task card \.229/).waitFor()
    expect(page.url()).toContain('demo-one-way')
    const nearness = page.getByRole('region', { name: /nearest trained card/ })
    expect(await nearness.getByRole('row').count()).toBe(4)
    await page.context().close()
  })

  it('set the lead on unseen documents apart, and score every card on every task in both windows', {
    timeout: 180_000,
  }, async () => {
    // A matrix that is there is not asked for again: each try begins without.
    const server = await startFixtureServer({ renderer, scenario: 'full' })
    const { page, complaints } = await openPage(browser)
    await visit(page, server, '/compare?run=demo-strict&k=0')
    const documents = page.getByRole('region', { name: /^Seen and unseen documents/ })
    expect(await documents.getByRole('row').allTextContents()).toEqual([
      expect.stringContaining('Relevant documents'),
      expect.stringMatching(/seen\s*900.*\+\.050.*would seldom show as much/),
      expect.stringMatching(/unseen\s*300.*\+\.007.*no difference shown/),
    ])
    const forecast = page.getByRole('region', { name: 'Forecast for cards that were never trained' })
    await forecast.getByText(/lie in their 90 % interval.*tells something of its lead/).waitFor()
    await forecast.getByRole('img', { name: /leads of left-out cards.* in their interval/ }).waitFor()
    const beside = (await openPage(browser)).page
    await visit(beside, server, '/compare?run=demo-strict&k=0')
    const region = (window: Page) => window.getByRole('region', { name: 'Every card on every task' })
    // Waited for from before the click: the job is there for a moment.
    await Promise.all([
      region(beside).getByRole('button', { name: 'Cancel Score every card' }).waitFor(),
      region(page).getByRole('button', { name: 'Score every card', exact: true }).click(),
    ])
    for (const window of [page, beside]) {
      await region(window)
        .getByText(/own card is better than the mean of the others by \+\.150/)
        .waitFor()
      await region(window)
        .getByRole('img', { name: /\+\.200 under its own card, \+\.050 under the others/ })
        .waitFor()
    }
    await beside.reload()
    const [file] = await Promise.all([
      beside.waitForEvent('download'),
      region(beside)
        .getByRole('button', { name: /as CSV/ })
        .click(),
    ])
    expect(
      readFileSync(await file.path(), 'utf8')
        .trimEnd()
        .split('\r\n'),
    ).toHaveLength(1 + 9)
    // Another number of examples has a matrix of its own.
    await page.getByText('k = 4', { exact: true }).click()
    await region(page).getByRole('button', { name: 'Score every card', exact: true }).waitFor()
    expect(complaints).toEqual([])
    await server.stop()
    await page.context().close()
  })

  it('explain a number on hover and on focus, and close on Escape', async () => {
    const { page } = await openPage(browser)
    await visit(page, full, '/compare?run=demo-strict')
    await page.getByRole('columnheader', { name: 'MRR@10' }).locator('[tabindex]').hover()
    await page.getByRole('tooltip').getByText('Mean reciprocal rank').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('tooltip').waitFor({ state: 'detached' })
    await page.context().close()
  })
})
