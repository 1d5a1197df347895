import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIRST, SECOND, writeComparedRun, writeDataset } from '../compared-runs'
import { missingBrowser, openBrowser, openPage, type TestBrowser } from './open-browser'
import { type StoryHost, startHost } from './start-host'

/** More than travel for a first look. */
const POINTS = 5000
const root = resolve(import.meta.dirname, '../..')

describe.skipIf(missingBrowser() || !existsSync(join(root, 'out/main/serve.js')))(
  'two runs compared to the query, with the real host',
  () => {
    let browser: TestBrowser
    let host: StoryHost
    let workspace: string
    let page: Page
    let complaints: string[]
    let runs: string[]

    beforeAll(async () => {
      workspace = await mkdtemp(join(tmpdir(), 'hydra-compare-'))
      await writeDataset(workspace)
      const made = [
        await writeComparedRun(workspace, FIRST, { title: 'Slow', learningRate: 0.001 }),
        await writeComparedRun(workspace, SECOND, { title: 'Quick', learningRate: 0.01, minute: 1 }),
        await writeComparedRun(workspace, FIRST, {
          title: 'Elsewhere',
          minute: 2,
          sha256: 'e'.repeat(64),
          points: POINTS,
        }),
      ]
      runs = made.map(({ id }) => id)
      host = await startHost(workspace)
      browser = await openBrowser()
      const opened = await openPage(browser)
      page = opened.page
      complaints = opened.complaints
      await page.goto(`${host.url}&path=/compare?run=${runs[0]}`)
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await host?.stop()
      if (workspace) await rm(workspace, { recursive: true, force: true })
    })

    it('shows what differs, the ladders side by side and both curves', { timeout: 60_000 }, async () => {
      await page.getByRole('heading', { name: 'Verdict', exact: true }).waitFor()
      await page.getByLabel('Compare with').selectOption(runs[1])
      const settings = page.getByRole('region', { name: 'What differs' })
      await settings.getByRole('rowheader', { name: 'request.overrides.learningRate' }).waitFor()
      expect(await settings.getByRole('row').allTextContents()).toEqual([
        expect.stringContaining('Setting'),
        expect.stringMatching(/learningRate\s*0\.001\s*0\.01/),
      ])
      await page
        .getByRole('img', { name: /^nDCG@10 of 2 runs.*task card: Slow \.\d+, Quick \.\d+/ })
        .waitFor()
      const curves = page.getByRole('img', {
        name: /^Loss of task card: Slow from 3\.100 at step 100 .*; Quick from/,
      })
      await curves.waitFor()
      // The raw lines stay behind the smoothed ones: the chart in words is that of the latter.
      await page.getByLabel('Smoothing').fill('0.6')
      await page
        .getByRole('img', { name: /^Loss of task card: Slow from 3\.100 at step 100 to 1\.\d+ at step 300/ })
        .waitFor()
      await page.getByRole('checkbox', { name: 'Quick' }).uncheck({ force: true })
      await page.getByRole('img', { name: /^Loss of task card: Slow [^;]*$/ }).waitFor()
    })

    it('leads to the query with the largest loss and both its rankings, and an address opens it', {
      timeout: 60_000,
    }, async () => {
      await page.getByText(/is above Quick, task card in 2 of 16 queries, below in 1, level in 13/).waitFor()
      const list = page.getByRole('listbox', { name: 'Queries by difference' })
      const first = list.getByRole('option').first()
      expect(await first.textContent()).toMatch(/story about a puppy.*\.301 − 1\.000.*−\.699/)
      await first.click()
      const column = (name: string) => page.getByRole('region', { name, exact: true })
      const places = async (name: string) => {
        const hits = await column(name).getByRole('listitem').allTextContents()
        return hits.findIndex((text) => text.includes('The dog is an animal'))
      }
      await expect.poll(() => places('Slow, task card')).toBe(8)
      expect(await places('Quick, task card')).toBe(0)
      // Chosen in one ranking, marked in both.
      await column('Quick, task card').getByRole('button', { name: /dog/ }).click()
      expect(
        await column('Slow, task card').getByRole('button', { name: /dog/ }).getAttribute('aria-pressed'),
      ).toBe('true')
      await list.focus()
      await page.keyboard.press('End')
      await page.getByRole('heading', { name: 'story about a piglet' }).waitFor()
      const address = page.url()
      expect(address).toContain('q=young|q3-5')
      await page.reload()
      await page.getByRole('heading', { name: 'story about a piglet' }).waitFor()
      expect(await list.getByRole('option', { selected: true }).textContent()).toContain('piglet')
    })

    it('saves the comparison as one page', { timeout: 60_000 }, async () => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save as report' }).click(),
      ])
      const html = await readFile(await file.path(), 'utf8')
      for (const id of runs.slice(0, 2)) expect(html).toContain(id)
    })

    it('refuses runs on other data once, with the reason, and keeps to one run’s queries', {
      timeout: 60_000,
    }, async () => {
      await page.getByRole('button', { name: 'Remove Quick' }).click()
      await page.getByLabel('Compare with').selectOption(runs[2])
      await page.getByText('RUNS_INCOMPARABLE').waitFor()
      await page.getByText(/the same data of young/).waitFor()
      await page.getByText(/Slow, task card is above Slow, no card/).waitFor()
      expect(await page.getByText('RUNS_INCOMPARABLE').count()).toBe(1)
    })

    it('brings a long curve thinned at first, and every point of it to who reads closely', {
      timeout: 60_000,
    }, async () => {
      const calls: string[] = []
      const lines = page.waitForEvent('websocket')
      await page.reload()
      ;(await lines).on('framesent', ({ payload }) => calls.push(String(payload)))
      const curves = page.getByRole('img', {
        name: `Loss of task card: Slow from 3.100 at step 100 to 1.100 at step 300; Elsewhere from 3.100 at step 100 to .101 at step ${100 * POINTS}.`,
      })
      await curves.waitFor()
      const asked = () => calls.filter((call) => call.includes('/runs/curves'))
      expect(asked()).toHaveLength(2)
      for (const call of asked()) expect(call).toContain('"most"')
      await curves.hover()
      await page.mouse.wheel(0, -300)
      await expect.poll(() => asked().filter((call) => !call.includes('"most"')).length).toBe(2)
      await page
        .getByRole('figure', { name: 'Loss of task card' })
        .getByRole('button', { name: 'Table' })
        .click()
      const table = page.getByRole('region', { name: 'Loss of task card, table' }).getByRole('table')
      expect(await table.getAttribute('aria-rowcount')).toBe(String(1 + 3 + POINTS))
      expect(complaints).toEqual([])
    })
  },
)
