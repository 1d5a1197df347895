/// <reference types="node" />
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFindings,
  COLOUR_RULES,
  missingBrowser,
  openBrowser,
  openPage,
} from '../e2e/open-browser'
import { type FixtureServer, startFixtureServer } from './fixture-server'
import { DOCUMENTS } from './fixture-world'

const renderer = resolve(import.meta.dirname, '../../out/renderer')
const LIMIT = 350_000

const PATHS = [
  '/',
  '/train',
  '/cards',
  '/cards/scifact',
  '/new-card?for=wordnet-finds',
  '/datasets',
  '/datasets/scifact',
  '/teachers',
  '/runs',
  '/runs/train-failed',
  '/jobs/job-77',
  '/compare',
  '/compare?k=4&cards=seen&measure=MRR@10',
  '/compare?run=demo-strict&run=demo-one-way',
  '/export',
  '/settings',
  '/playground?q=wedding&describe=find+the+musical+instrument',
  `/playground?q=bread&systems=frozen,this+card,another+card,BM25&document=${DOCUMENTS[3].id}`,
]

/** Of a workspace where nothing is yet, what an address asks of a page makes no difference. */
const EMPTY_PATHS = [...new Set(PATHS.map((path) => path.split('?')[0]))]

/** Drawn: nothing of the document has changed for a quarter of a second, and what moved in has arrived. */
const SETTLED = `new Promise((done) => {
  const watch = new MutationObserver(() => wait())
  let timer
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      watch.disconnect()
      const ending = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
      Promise.allSettled(ending.map(({ finished }) => finished)).then(() => done())
    }, 250)
  }
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  wait()
})`

/** Headings more than one level below the one before them, and a first one that is not the page's title. */
const skippedHeadings = (page: Page) =>
  page.evaluate<string[]>(`[...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')]
    .map((heading, at, all) => ({ heading, level: +heading.tagName[1], before: at ? +all[at - 1].tagName[1] : 0 }))
    .filter(({ level, before }) => level > before + 1)
    .map(({ heading, before }) => heading.outerHTML.slice(0, 80) + ' after level ' + before)`)

describe.skipIf(missingBrowser())('pages', () => {
  let browser: Browser
  let full: FixtureServer
  let empty: FixtureServer

  beforeAll(async () => {
    browser = await openBrowser()
    full = await startFixtureServer({ renderer, scenario: 'full' })
    empty = await startFixtureServer({ renderer, scenario: 'empty' })
  })
  afterAll(async () => {
    await browser?.close()
    await full?.stop()
    await empty?.stop()
  })

  const go = async (page: Page, server: FixtureServer, path: string) => {
    await page.goto('about:blank')
    await page.goto(`${server.url}&path=${encodeURI(path)}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
  /** From page to page as a link does, and until it is drawn. */
  const follow = async (page: Page, path: string) => {
    await page.evaluate(`location.hash = ${JSON.stringify(path)}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.evaluate(SETTLED)
  }

  for (const scheme of ['light', 'dark'] as const) {
    for (const scenario of ['full', 'empty'] as const) {
      it(`show no console error and pass axe: ${scenario}, ${scheme}`, { timeout: 240_000 }, async () => {
        const { page, complaints } = await openPage(browser, { colorScheme: scheme })
        await go(page, scenario === 'full' ? full : empty, '/')
        const rules = scheme === 'dark' ? COLOUR_RULES : undefined
        for (const path of scenario === 'full' ? PATHS : EMPTY_PATHS) {
          await follow(page, path)
          expect(await accessibilityFindings(page, rules), `${path} ${scheme}`).toEqual([])
          expect(await skippedHeadings(page), path).toEqual([])
        }
        expect(complaints).toEqual([])
        await page.context().close()
      })
    }
  }

  it('fit a window of 640 px, which is 1280 px at 200 % zoom', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser, { viewport: { width: 640, height: 400 } })
    await go(page, full, '/')
    for (const path of PATHS) {
      await follow(page, path)
      const [scroll, client] = await page.evaluate<number[]>(
        `[document.querySelector('main').scrollWidth, document.querySelector('main').clientWidth]`,
      )
      expect(scroll, path).toBeLessThanOrEqual(client)
    }
    await page.context().close()
  })

  it('load the first page within its weight', async () => {
    const { page } = await openPage(browser)
    const files: string[] = []
    page.on('response', (response) => files.push(new URL(response.url()).pathname))
    await go(page, full, '/')
    const weight = files
      .filter((file) => /\.(js|css|html)$/.test(file))
      .reduce((sum, file) => sum + gzipSync(readFileSync(resolve(renderer, `.${file}`))).length, 0)
    expect(weight).toBeGreaterThan(10_000)
    expect(weight).toBeLessThan(LIMIT)
    expect(files.some((file) => file.includes('echart'))).toBe(false)
    await page.context().close()
  })

  it('take the token out of the address and keep it for a reload', async () => {
    const { page } = await openPage(browser)
    await go(page, full, '/train')
    expect(page.url()).not.toContain('token')
    await page.reload()
    await page.getByRole('heading', { name: 'Train', exact: true }).waitFor()
    await page.context().close()
    const stranger = await openPage(browser)
    await stranger.page.goto(`http://127.0.0.1:${full.port}/`)
    await stranger.page.getByText('This page needs its full address').waitFor()
    await stranger.page.context().close()
  })

  it('say that the connection is lost, try again, and go on', { timeout: 60_000 }, async () => {
    let server = await startFixtureServer({ renderer, scenario: 'empty' })
    const { page } = await openPage(browser)
    await go(page, server, '/')
    const { port } = server
    await server.stop()
    await page.getByText('Connection lost, trying again').waitFor()
    server = await startFixtureServer({ renderer, scenario: 'full', port })
    await page.getByText('Connection lost, trying again').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Demo, strict hold-out' }).waitFor()
    await server.stop()
    await page.context().close()
  })

  it('can be used by keyboard alone: choose a dataset, start, keep, cancel', {
    timeout: 60_000,
  }, async () => {
    const server = await startFixtureServer({ renderer, scenario: 'full', pace: 150 })
    const { page } = await openPage(browser)
    await go(page, server, '/')
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.textContent.trim() || document.activeElement.ariaLabel || ""',
      )
    const tabTo = async (matches: (text: string) => boolean) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab')
        if (matches(await focused())) return
      }
      throw new Error('no such stop in the tab order')
    }
    await tabTo((text) => text === 'Skip to the page')
    await tabTo((text) => text === 'Train')
    await page.keyboard.press('Enter')
    await page.getByText('WordNet finds').waitFor()
    const checkbox = page.getByRole('checkbox', { name: /WordNet finds/ })
    await checkbox.focus()
    await page.keyboard.press('Space')
    expect(await checkbox.isChecked()).toBe(true)
    await tabTo((text) => text === 'Start training')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Train wordnet-finds/*' }).waitFor()
    // Until the run has begun the page shows its job, and the buttons of that.
    await page.getByRole('img', { name: /^Training loss.* at step/ }).waitFor()
    await page.getByRole('button', { name: /^Cancel/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await focused()).toBe('Let it run')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Cancel the job')
    await page.keyboard.press('Enter')
    await page.getByText('Cancelled', { exact: true }).waitFor()
    await server.stop()
    await page.context().close()
  })

  it('show a run on one page: paused, resumed, cancelled, trained again', { timeout: 90_000 }, async () => {
    const server = await startFixtureServer({ renderer, scenario: 'full', pace: 70 })
    const { page, complaints } = await openPage(browser)
    await go(page, server, '/train')
    await page.getByRole('checkbox', { name: /WordNet finds/ }).check()
    await page.getByLabel('Seed', { exact: true }).fill('5')
    await page.getByRole('button', { name: 'Start training' }).click()
    await page.waitForURL(/#\/runs\/run-\d+$/)
    const address = page.url()
    const curve = () => page.getByRole('img', { name: /^Training loss/ }).getAttribute('aria-label')
    await expect.poll(curve, { timeout: 15_000 }).toMatch(/no card from .* at step 40 to .* at step (80|1)/)
    await page.getByRole('button', { name: /^Pause/ }).click()
    await page.getByText('Paused', { exact: true }).waitFor()
    await page.getByText(/^It stopped with no card at step/).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    const paused = await curve()
    await page.reload()
    await expect.poll(curve).toBe(paused)
    expect(await accessibilityFindings(page)).toEqual([])
    await page.getByRole('button', { name: /^Resume/ }).click()
    await page.getByRole('button', { name: /^Pause/ }).waitFor()
    expect(page.url()).toBe(address)
    expect(await page.getByText('Paused', { exact: true }).count()).toBe(0)
    // What came before the pause is still there while the resumed job says nothing of it yet.
    expect(await curve()).toMatch(/no card from .* at step 40 to/)
    // The second job of this host carries it now.
    await page.evaluate(`location.hash = '/jobs/job-2'`)
    await expect.poll(() => page.url()).toBe(address)
    await page.getByRole('button', { name: /^Cancel/ }).click()
    await page.getByRole('button', { name: 'Cancel the job' }).click()
    await page.getByText('Cancelled', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Train again' }).click()
    await page.getByText('Filled with what').waitFor()
    expect(await page.getByRole('checkbox', { name: /WordNet finds/ }).isChecked()).toBe(true)
    expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('5')
    expect(complaints).toEqual([])
    await server.stop()
    await page.context().close()
  })

  it('follow a run live, survive a reload, and lead to Compare', { timeout: 60_000 }, async () => {
    const server = await startFixtureServer({ renderer, scenario: 'empty', pace: 70 })
    const { page, complaints } = await openPage(browser)
    await go(page, server, '/train')
    await page.getByLabel(/Folder or zip/).fill('/nowhere.zip')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('FILE_MISSING').waitFor()
    await page.getByRole('button', { name: 'Import wordnet-finds' }).click()
    await page.getByRole('button', { name: 'Start training' }).click()
    const curve = page.getByRole('img', { name: /^Training loss/ })
    await expect
      .poll(() => curve.getAttribute('aria-label'), { timeout: 10_000 })
      .toMatch(/no card from .* to /)
    const before = await curve.getAttribute('aria-label')
    await expect.poll(() => curve.getAttribute('aria-label')).not.toBe(before)
    const box = await curve.boundingBox()
    await page.reload()
    await expect
      .poll(() => curve.getAttribute('aria-label'), { timeout: 10_000 })
      .toMatch(/no card from .* at step 40 to /)
    expect(await curve.boundingBox()).toEqual(box)
    await page.getByRole('link', { name: 'Compare' }).last().waitFor()
    await page.getByText('Finished').waitFor({ timeout: 20_000 })
    await page.getByRole('heading', { name: 'Verdict', exact: true }).waitFor()
    await page.getByText('would seldom show as much').first().waitFor()
    await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
    await page.getByRole('heading', { name: 'Ladder' }).waitFor()
    expect(complaints).toEqual([])
    await server.stop()
    await page.context().close()
  })

  it('tell tables of different k apart, as chart, as table and as a file', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await go(page, full, '/compare?run=demo-strict')
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
    await go(page, server, '/compare?run=demo-strict&k=0')
    const documents = page.getByRole('region', { name: /^Seen and unseen documents/ })
    expect(await documents.getByRole('row').allTextContents()).toEqual([
      expect.stringContaining('Relevant documents'),
      expect.stringMatching(/seen\s*900.*\+\.050.*would seldom show as much/),
      expect.stringMatching(/unseen\s*300.*\+\.007.*no difference shown/),
    ])
    const forecast = page.getByRole('region', { name: 'Forecast for cards that were never trained' })
    await forecast.getByText(/lie in their 90 % interval.*tells something of its lead/).waitFor()
    await forecast.getByRole('img', { name: /leads of left-out cards.* in their interval/ }).waitFor()
    const beside = await page.context().newPage()
    await go(beside, server, '/compare?run=demo-strict&k=0')
    const region = (window: Page) => window.getByRole('region', { name: 'Every card on every task' })
    await region(page).getByRole('button', { name: 'Score every card', exact: true }).click()
    await region(beside).getByRole('button', { name: 'Cancel Score every card' }).waitFor()
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

  it('rank while one types, with marks for what moved, and give a link to it', {
    timeout: 60_000,
  }, async () => {
    const { page } = await openPage(browser)
    // The address of the page before it grew.
    await go(page, full, '/search?run=demo-strict')
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
    await page.context().close()
  })

  it('say why a document stands where it does, save the card, and begin with it again', {
    timeout: 60_000,
  }, async () => {
    const { page } = await openPage(browser)
    await go(page, full, '/playground?run=demo-strict&q=snow')
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

  it('go anywhere by a few letters', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await go(page, full, '/')
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Command palette' })
    await palette.waitFor()
    expect(await accessibilityFindings(page)).toEqual([])
    await page.keyboard.type('one-way compare')
    await page.keyboard.press('Enter')
    await palette.waitFor({ state: 'hidden' })
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor()
    await expect.poll(() => page.url()).toContain('run=demo-one-way')
    await page
      .getByRole('button', { name: 'Command palette' })
      .or(page.getByTitle('Command palette'))
      .first()
      .click()
    await page.keyboard.type('nothing is called like this')
    await palette.getByText('Nothing is called so.').waitFor()
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'hidden' })
    await page.context().close()
  })

  it('explain a number on hover and on focus, and close on Escape', async () => {
    const { page } = await openPage(browser)
    await go(page, full, '/compare?run=demo-strict')
    await page.getByRole('columnheader', { name: 'MRR@10' }).locator('[tabindex]').hover()
    await page.getByRole('tooltip').getByText('Mean reciprocal rank').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('tooltip').waitFor({ state: 'detached' })
    await page.context().close()
  })
})
