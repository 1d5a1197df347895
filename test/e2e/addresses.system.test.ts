import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missingBrowser, openBrowser, openPage, type TestBrowser } from './open-browser'
import { type StoryHost, startHost } from './start-host'

const root = resolve(import.meta.dirname, '../..')

describe.skipIf(missingBrowser() || !existsSync(join(root, 'out/main/serve.js')))(
  'addresses, with the real host',
  () => {
    let browser: TestBrowser
    let host: StoryHost
    let workspace: string
    let page: Page
    let context: BrowserContext

    beforeAll(async () => {
      workspace = await mkdtemp(join(tmpdir(), 'hydra-addresses-'))
      host = await startHost(workspace)
      browser = await openBrowser()
      page = (await openPage(browser)).page
      context = page.context()
      await page.goto(host.url)
      await page.getByRole('button', { name: 'Run the demo' }).waitFor()
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await host?.stop()
      if (workspace) await rm(workspace, { recursive: true, force: true })
    })

    const address = (path: string) => `http://127.0.0.1:${host.port}/#${path}`

    it('open in a second tab of the same browser without the token, and in no other browser', async () => {
      const tab = await context.newPage()
      await tab.goto(address('/compare?run=nowhere'))
      await tab.getByText('This run is not here').waitFor()
      expect(await tab.evaluate<string>('document.cookie')).toBe('')
      await tab.close()
      const stranger = (await openPage(browser)).page
      await stranger.goto(address('/compare?run=nowhere'))
      await stranger.getByText('This page needs its full address').waitFor()
      await stranger.context().close()
    })

    it('bring the first page compressed, within its weight', async () => {
      const visitor = (await openPage(browser)).page
      const line = await visitor.context().newCDPSession(visitor)
      const codings: Record<string, string> = {}
      let bytes = 0
      line.on('Network.responseReceived', ({ response }) => {
        codings[new URL(response.url).pathname] = response.headers['content-encoding'] ?? 'identity'
      })
      line.on('Network.loadingFinished', ({ encodedDataLength }) => {
        bytes += encodedDataLength
      })
      await line.send('Network.enable')
      await visitor.goto(host.url, { waitUntil: 'networkidle' })
      await visitor.getByRole('button', { name: 'Run the demo' }).waitFor()
      const scripts = Object.entries(codings).filter(([path]) => /index-.*\.(js|css)$/.test(path))
      expect(scripts.length).toBeGreaterThan(1)
      expect(new Set(scripts.map(([, coding]) => coding))).toEqual(new Set(['br']))
      expect(bytes).toBeGreaterThan(50_000)
      expect(bytes).toBeLessThan(350_000)
      await visitor.context().close()
    })

    it('open from a link by the middle button', async () => {
      const opened = context.waitForEvent('page')
      await page.getByRole('link', { name: 'Import a dataset instead' }).click({ button: 'middle' })
      const tab = await opened
      await tab.getByRole('heading', { level: 1, name: 'Train' }).waitFor()
      await tab.close()
    })

    it('lead to another workspace, made beside this one and remembered', { timeout: 60_000 }, async () => {
      const another = join(workspace, 'another')
      await page.goto(address('/settings'))
      const field = page.getByLabel(/Open another one/)
      await field.fill(join(workspace, 'no', 'such', 'folder'))
      await page.getByRole('button', { name: 'Open', exact: true }).click()
      await page.getByRole('alert').getByText('WORKSPACE_INVALID').waitFor()
      await field.fill(another)
      const [tab] = await Promise.all([
        context.waitForEvent('page'),
        page.getByRole('button', { name: 'Open', exact: true }).click(),
      ])
      await tab.getByRole('button', { name: 'Run the demo' }).waitFor()
      expect(new URL(tab.url()).port).not.toBe(String(host.port))
      expect(existsSync(another)).toBe(true)
      await page.getByRole('list', { name: 'Opened before' }).getByRole('button', { name: another }).waitFor()
      await tab.close()
    })

    it('heal when the host is killed and started again on the same port', { timeout: 60_000 }, async () => {
      const tab = await context.newPage()
      await tab.goto(address('/train'))
      await tab.getByRole('button', { name: 'Import wordnet-finds' }).waitFor()
      await host.kill()
      await Promise.all(
        [page, tab].map((one) => one.getByText('Connection lost, trying again').waitFor({ timeout: 30_000 })),
      )
      host = await startHost(workspace, host.port)
      await Promise.all(
        [page, tab].map((one) => one.getByText('Connected', { exact: true }).waitFor({ timeout: 30_000 })),
      )
      await tab.reload()
      await tab.getByRole('button', { name: 'Import wordnet-finds' }).waitFor()
      await tab.close()
    })
  },
)
