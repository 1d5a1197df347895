/// <reference types="node" />
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'

/** Why browser tests cannot run here, or null when they can. Printed once, so that a skip is never silent. */
export function missingBrowser(): string | null {
  if (existsSync(CHROMIUM)) return null
  const reason = `${CHROMIUM} is not there: browser tests are skipped (on Debian: apt-get install chromium)`
  console.warn(reason)
  return reason
}

/** What a test file does with its browser. */
export type TestBrowser = Pick<Browser, 'newContext' | 'close'>

let launched: Promise<Browser> | null = null

/** One Chromium for all files of a test worker: each has windows of its own in it, which its `close` closes. */
export async function openBrowser(): Promise<TestBrowser> {
  launched ??= chromium.launch({
    executablePath: CHROMIUM,
    // Nothing is drawn in three dimensions, and what imitates a graphics card costs a fifth of a test's time.
    args: ['--no-sandbox', '--headless', '--disable-gpu'],
  })
  const browser = await launched
  if (!browser.isConnected()) {
    launched = null
    return openBrowser()
  }
  const contexts: BrowserContext[] = []
  return {
    async newContext(options) {
      const context = await browser.newContext(options)
      contexts.push(context)
      return context
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()))
    },
  }
}

export interface WatchedPage {
  readonly page: Page
  /** What the console and uncaught errors said. */
  readonly complaints: string[]
}

/**
 * A page in a context of its own whose complaints are gathered. It has a window of its own, too: Chromium draws a tab behind
 * another one once a second, and every click waits for two pictures.
 */
export async function openPage(
  browser: TestBrowser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return { page, complaints }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What of its rules a colour scheme can change; all else is the same document in both. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/**
 * Serious and critical findings of axe-core, one line each.
 * @param rules all of its rules unless given
 */
export async function accessibilityFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  // Half a megabyte of script, once for each document.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axe)
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) })
  return page.evaluate<string[]>(`axe.run(document, ${options}).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary.replace(/\\s+/g, ' '))))`)
}
