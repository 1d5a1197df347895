/// <reference types="node" />
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFindings,
  COLOUR_RULES,
  missingBrowser,
  openBrowser,
  openPage,
  type TestBrowser,
} from '../e2e/open-browser'
import { type FixtureServer, startFixtureServer } from './fixture-server'
import { DOCUMENTS } from './fixture-world'
import { visit } from './visit'

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

/** How long nothing may change until a page counts as drawn that was loaded, and one of which everything is there, ms. */
const LOADED = 250
const SWITCHED = 60

/** Nothing of the document has changed for so long, and what moved in has arrived. */
const settled = (quietMs: number) => `new Promise((done) => {
  const watch = new MutationObserver(() => wait())
  const isMoving = ({ effect, playState }) => playState === 'running' && effect.getComputedTiming().endTime !== Infinity
  // Not by their promises: those of what was replaced as it ended are never kept.
  const arrive = () => (document.getAnimations().some(isMoving) ? setTimeout(arrive, 20) : done())
  let timer
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      watch.disconnect()
      arrive()
    }, ${quietMs})
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
  let browser: TestBrowser
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

  /** From page to page as a link does, and until it is drawn. */
  const follow = async (page: Page, path: string) => {
    await page.evaluate(`location.hash = ${JSON.stringify(path)}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.evaluate(settled(LOADED))
  }

  /**
   * One visit serves all questions. Rules that a colour scheme can change are asked in both, by turns in the wide window and in
   * the narrow one; all others once, since it is the same document in both.
   */
  for (const scenario of ['full', 'empty'] as const) {
    it(`show no console error, pass axe in both themes, and fit a window of 640 px, which is 1280 px at 200 % zoom: ${scenario}`, {
      timeout: 240_000,
    }, async () => {
      // Without motion colours change at once.
      const { page, complaints } = await openPage(browser, { reducedMotion: 'reduce' })
      const viewport = page.viewportSize()!
      await visit(page, scenario === 'full' ? full : empty, '/')
      for (const [turn, path] of (scenario === 'full' ? PATHS : EMPTY_PATHS).entries()) {
        const [first, second] = turn % 2 ? (['dark', 'light'] as const) : (['light', 'dark'] as const)
        await page.setViewportSize(viewport)
        await follow(page, path)
        expect(await accessibilityFindings(page), `${path} ${first}`).toEqual([])
        expect(await skippedHeadings(page), path).toEqual([])
        await page.emulateMedia({ colorScheme: second })
        await page.setViewportSize({ width: 640, height: 400 })
        await page.evaluate(settled(SWITCHED))
        expect(await accessibilityFindings(page, COLOUR_RULES), `${path} ${second}`).toEqual([])
        const [scroll, client] = await page.evaluate<number[]>(
          `[document.querySelector('main').scrollWidth, document.querySelector('main').clientWidth]`,
        )
        expect(scroll, path).toBeLessThanOrEqual(client)
      }
      expect(complaints).toEqual([])
      await page.context().close()
    })
  }

  it('load the first page within its weight', async () => {
    const { page } = await openPage(browser)
    const files: string[] = []
    page.on('response', (response) => files.push(new URL(response.url()).pathname))
    await visit(page, full, '/')
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
    await visit(page, full, '/train')
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
    await visit(page, server, '/')
    const { port } = server
    await server.stop()
    await page.getByText('Connection lost, trying again').waitFor()
    server = await startFixtureServer({ renderer, scenario: 'full', port })
    await page.getByText('Connection lost, trying again').waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Demo, strict hold-out' }).waitFor()
    await server.stop()
    await page.context().close()
  })

  it('go anywhere by a few letters', { timeout: 60_000 }, async () => {
    const { page } = await openPage(browser)
    await visit(page, full, '/')
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
})
