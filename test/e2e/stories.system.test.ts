import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFindings, missingBrowser, openBrowser, openPage } from './open-browser'
import { type StoryHost, startHost } from './start-host'
import { writeCollection } from './young-collection'

const root = resolve(import.meta.dirname, '../..')
const output = resolve(root, 'test/output')

describe.skipIf(missingBrowser() || !existsSync(join(root, 'out/main/serve.js')))(
  'stories, with the real engine',
  () => {
    let browser: Browser
    let host: StoryHost
    let workspace: string
    let sources: string
    let data: string
    let page: Page
    let complaints: string[]

    beforeAll(async () => {
      await mkdir(output, { recursive: true })
      workspace = await mkdtemp(join(tmpdir(), 'hydra-stories-'))
      sources = await mkdtemp(join(tmpdir(), 'hydra-data-'))
      data = join(sources, 'young')
      await writeCollection(data)
      host = await startHost(workspace)
      browser = await openBrowser()
      const opened = await openPage(browser)
      page = opened.page
      complaints = opened.complaints
      await page.goto(host.url)
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await host?.stop()
      for (const folder of [workspace, sources])
        if (folder) await rm(folder, { recursive: true, force: true })
    })

    const open = async (name: string) => {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click()
      await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    }
    const shot = (name: string) => page.screenshot({ path: join(output, `${name}.png`) })
    const lossCurve = () => page.getByRole('img', { name: /^Training loss/ }).getAttribute('aria-label')

    it('opens every page on an empty workspace, and each says what to do next', async () => {
      await page.getByRole('button', { name: 'Run the demo' }).waitFor()
      await shot('empty-home')
      await open('Train')
      await page.getByRole('button', { name: 'Import wordnet-finds' }).waitFor()
      await shot('empty-train')
      await open('Compare')
      await page.getByText('Nothing to compare yet').waitFor()
      await shot('empty-compare')
      await open('Playground')
      await page.getByText('Nothing to search yet').waitFor()
      await shot('empty-playground')
      expect(complaints).toEqual([])
    })

    it('imports a folder, and says what is wrong with a path that is none', {
      timeout: 120_000,
    }, async () => {
      await open('Train')
      const field = page.getByLabel(/Folder or zip/)
      await field.fill(join(data, 'nowhere'))
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await page.getByRole('alert').getByText('Do this').waitFor()
      await field.fill(data)
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await page.getByRole('checkbox', { name: /young/ }).waitFor({ timeout: 60_000 })
      await shot('train-imported')
    })

    it('trains a short run from the page, shows its curve move, and reads its ladder', {
      timeout: 300_000,
    }, async () => {
      await open('Train')
      const dataset = page.getByRole('checkbox', { name: /young/ })
      await dataset.setChecked(true)
      await page.getByLabel('Training steps').fill('30')
      await page.getByRole('button', { name: 'Start training' }).click()
      await expect.poll(lossCurve, { timeout: 120_000 }).toMatch(/at step/)
      const first = await lossCurve()
      await expect.poll(lossCurve, { timeout: 120_000 }).not.toBe(first)
      await shot('training')
      await page.getByText('Finished', { exact: true }).waitFor({ timeout: 120_000 })
      await shot('trained')
      await page.reload()
      await expect.poll(lossCurve, { timeout: 20_000 }).toMatch(/at step/)
      await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
      await page.getByRole('heading', { name: 'Ladder' }).waitFor()
      const ladder = page.getByRole('img', { name: /with 95 % intervals/ })
      const words = await ladder.getAttribute('aria-label')
      expect(words).toMatch(/frozen [.\d]+ .*task card [.\d]+/)
      await page.getByText('Recall@100', { exact: true }).first().click()
      await expect.poll(() => ladder.getAttribute('aria-label')).not.toBe(words)
      expect(await accessibilityFindings(page)).toEqual([])
      await shot('compare')
    })

    it('pauses a run, and goes on with it after a reload: one curve, one page, the verdict on it', {
      timeout: 300_000,
    }, async () => {
      await open('Train')
      await page.getByRole('checkbox', { name: /young/ }).setChecked(true)
      await page.getByLabel('Training steps').fill('200')
      await page.getByRole('button', { name: 'Start training' }).click()
      await expect.poll(lossCurve, { timeout: 120_000 }).toMatch(/at step/)
      const began = /from \S+ at step \d+/.exec((await lossCurve()) ?? '')?.[0]
      expect(began).toBeTruthy()
      const address = page.url()
      await page.getByRole('button', { name: /^Pause/ }).click()
      await page.getByText('Paused', { exact: true }).waitFor({ timeout: 30_000 })
      await shot('paused')
      await page.reload()
      await expect.poll(lossCurve, { timeout: 20_000 }).toContain(began)
      await page.getByRole('button', { name: /^Resume/ }).click()
      await page.getByText('Finished', { exact: true }).waitFor({ timeout: 240_000 })
      expect(page.url()).toBe(address)
      expect(await lossCurve()).toContain(began)
      expect(await lossCurve()).toContain('at step 200')
      await page.getByRole('heading', { name: 'Verdict' }).waitFor()
      expect(await page.getByText('hydra runs').count()).toBe(0)
      await shot('resumed')
    })

    it('cancels another run', { timeout: 120_000 }, async () => {
      await open('Train')
      await page.getByRole('checkbox', { name: /young/ }).setChecked(true)
      await page.getByLabel('Training steps').fill('100000')
      await page.getByRole('button', { name: 'Start training' }).click()
      await expect.poll(lossCurve, { timeout: 60_000 }).toMatch(/at step/)
      await page.getByRole('button', { name: /^Cancel/ }).click()
      await page.getByRole('button', { name: 'Cancel the job' }).click()
      await page.getByText('Cancelled', { exact: true }).waitFor({ timeout: 30_000 })
      await shot('cancelled')
    })

    it('lets a card written in the playground change the order', { timeout: 120_000 }, async () => {
      await open('Playground')
      await page.getByLabel('Query', { exact: true }).fill('a small animal on a farm')
      const frozen = page.getByRole('region', { name: 'Frozen' }).getByRole('listitem')
      await expect.poll(() => frozen.count(), { timeout: 60_000 }).toBeGreaterThan(5)
      await page.getByLabel('Description').fill('find the bird that hatches from an egg and swims')
      const card = page.getByRole('region', { name: 'This card' }).getByRole('listitem')
      await expect.poll(() => card.count(), { timeout: 60_000 }).toBeGreaterThan(5)
      // The card moved documents against the frozen order of the same query.
      const moved = page.getByRole('region', { name: 'This card' }).getByText(/^(Up|Down|New) /)
      await expect.poll(() => moved.count()).toBeGreaterThan(0)
      const first = await card.allTextContents()
      await page.getByLabel('Description').fill('find the animal that barks and guards the house')
      await expect.poll(() => card.allTextContents(), { timeout: 30_000 }).not.toEqual(first)
      await shot('playground')
      expect(complaints).toEqual([])
    })

    it('has the verdict on Home, and nothing to complain about', { timeout: 60_000 }, async () => {
      await open('Home')
      await page.getByRole('heading', { name: 'Last verdicts' }).waitFor()
      await page.emulateMedia({ colorScheme: 'dark' })
      await shot('home-dark')
      expect(await accessibilityFindings(page)).toEqual([])
      expect(complaints).toEqual([])
    })
  },
)
