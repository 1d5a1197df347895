import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFindings,
  missingBrowser,
  openBrowser,
  openPage,
  type TestBrowser,
} from './open-browser'
import { type StoryHost, startHost } from './start-host'
import {
  cachedBlocks,
  exportedHead,
  exportedHeads,
  heardNotifications,
  hearNotifications,
  scoredRows,
  verdictRows,
} from './story-evidence'
import { writeCollection, writeLongCollection } from './young-collection'

const root = resolve(import.meta.dirname, '../..')
const output = resolve(root, 'test/output')

describe.skipIf(missingBrowser() || !existsSync(join(root, 'out/main/serve.js')))(
  'stories, with the real engine',
  () => {
    let browser: TestBrowser
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
      await page.getByLabel('Training steps').fill('8')
      const plan = page.getByRole('region', { name: 'Before it starts' })
      await plan.getByText('1 task', { exact: true }).first().waitFor()
      await plan.getByText('4 networks of 8 steps').waitFor()
      await plan.getByText(/first that works|first choice/).waitFor()
      await shot('train-plan')
      await hearNotifications(page)
      await page.getByRole('button', { name: 'Start training' }).click()
      await page.getByRole('button', { name: 'Notify me at the end' }).click()
      await expect.poll(lossCurve, { timeout: 120_000 }).toMatch(/at step/)
      const first = await lossCurve()
      await expect.poll(lossCurve, { timeout: 120_000 }).not.toBe(first)
      await shot('training')
      await page.getByText('Finished', { exact: true }).waitFor({ timeout: 120_000 })
      await expect.poll(() => heardNotifications(page)).toEqual(['Train on young: Finished'])
      const run = page.url().split('/').at(-1)!
      expect(await scoredRows(workspace, run)).toEqual(await verdictRows(workspace, run))
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
      await page.getByLabel('Training steps').fill('24')
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
      expect(await lossCurve()).toContain('at step 24')
      await page.getByRole('heading', { name: 'Verdict', exact: true }).waitFor()
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

    it('exports the head of a card, opens it again, and finds with it what the playground finds', {
      timeout: 60_000,
    }, async () => {
      const query = 'a small animal on a farm'
      const documents = async (region: string) =>
        (await page.getByRole('region', { name: region }).getByRole('listitem').allTextContents()).map(
          (text) => /(\w+): The \w+ is/.exec(text)?.[1],
        )
      await open('Playground')
      await page.getByLabel('Query', { exact: true }).fill(query)
      await page.getByLabel('Description').fill('find the animal that barks and guards the house')
      await expect.poll(() => documents('This card')).toHaveLength(10)
      await page.waitForFunction("document.querySelector('.columns')?.getAttribute('aria-busy') === 'false'")
      const found = await documents('This card')
      await page.getByRole('link', { name: 'Export head' }).click()
      await page.getByRole('button', { name: 'Export', exact: true }).click()
      await page.getByRole('heading', { name: 'Search with it' }).waitFor()
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download' }).click()
      const saved = await (await download).path()
      expect(await readFile(saved)).toEqual(await readFile(exportedHead(workspace, page)))
      // Another look, by the address alone.
      await page.reload()
      await page.getByLabel('Query', { exact: true }).fill(query)
      await expect.poll(() => documents('This head')).toEqual(found)
      await page.getByText(/differs from the network’s by at most/).waitFor()
      expect(await accessibilityFindings(page)).toEqual([])
      await shot('export')
      expect(complaints).toEqual([])
    })

    it('goes from Home to an exported head by the keyboard alone', { timeout: 120_000 }, async () => {
      const { keyboard } = page
      /** Forward, as one without a mouse does, until it has the focus. */
      const tabTo = async (wanted: Locator) => {
        await wanted.waitFor()
        for (let presses = 0; presses < 120; presses++) {
          if ((await wanted.and(page.locator(':focus')).count()) > 0) return
          await keyboard.press('Tab')
        }
        throw new Error(`no Tab leads to ${wanted}`)
      }
      await page.goto('about:blank')
      await page.goto(host.url)
      const main = page.getByRole('main')
      await tabTo(main.getByRole('link', { name: 'Compare', exact: true }).first())
      await keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Ladder' }).waitFor()
      // The run's own; a query that is shown below has one, too.
      await tabTo(main.getByRole('link', { name: 'Open in the playground' }).first())
      await keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Playground' }).waitFor()
      await page.getByLabel('Query', { exact: true }).waitFor()
      await keyboard.press('/')
      await keyboard.press('Control+a')
      await keyboard.type('a small animal on a farm')
      await tabTo(page.getByLabel('Description'))
      await keyboard.press('Control+a')
      await keyboard.type('find the bird that swims on a lake')
      await expect
        .poll(() => page.getByRole('region', { name: 'This card' }).getByRole('listitem').count(), {
          timeout: 60_000,
        })
        .toBeGreaterThan(5)
      await tabTo(page.getByRole('link', { name: 'Export head' }))
      await keyboard.press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Export' }).waitFor()
      const before = (await exportedHeads(workspace)).length
      await tabTo(page.getByRole('button', { name: 'Export', exact: true }))
      await keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Search with it' }).waitFor()
      expect(await exportedHeads(workspace)).toHaveLength(before + 1)
      expect(complaints).toEqual([])
    })

    it('explains a job that has failed, and asks for the same again', { timeout: 90_000 }, async () => {
      const corpus = join(workspace, 'datasets', 'young', 'corpus.jsonl')
      await open('Train')
      await page.getByRole('checkbox', { name: /young/ }).setChecked(true)
      await page.getByLabel('Training steps').fill('7')
      await rename(corpus, `${corpus}.away`)
      try {
        await page.getByRole('button', { name: 'Start training' }).click()
        await page.getByText('Failed', { exact: true }).waitFor({ timeout: 60_000 })
      } finally {
        await rename(`${corpus}.away`, corpus)
      }
      const alert = page.getByRole('alert')
      for (const part of ['Expected', 'Got', 'Do this'])
        await alert.getByText(part, { exact: true }).waitFor()
      const words = await alert.innerText()
      expect(words).toContain('corpus.jsonl')
      // What one types in a terminal is no help in a window.
      expect(words).not.toMatch(/hydra |--\w/)
      await page.reload()
      await alert.getByText('Do this', { exact: true }).waitFor()
      expect(await accessibilityFindings(page)).toEqual([])
      await shot('failed')
      await page.getByRole('link', { name: 'Train again' }).click()
      await expect.poll(() => page.getByLabel('Training steps').inputValue()).toBe('7')
    })

    it('says how far the first search of a corpus is, and goes on where it was cancelled', {
      timeout: 60_000,
    }, async () => {
      await writeLongCollection(join(sources, 'long'))
      await open('Train')
      await page.getByLabel(/Folder or zip/).fill(join(sources, 'long'))
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await page.getByRole('checkbox', { name: /long/ }).waitFor({ timeout: 30_000 })
      await page.goto(`${page.url().split('#')[0]}#/playground?run=frozen&dataset=long&q=animal`)
      const waiting = page.getByRole('region', { name: 'First search of this corpus' })
      const done = async () => Number(/([\d,]+) of/.exec(await waiting.innerText())?.[1].replace(',', ''))
      await expect.poll(done, { timeout: 20_000 }).toBeGreaterThan(30)
      await shot('first-search')
      const before = await done()
      const blocks = await cachedBlocks(workspace)
      await waiting.getByRole('button', { name: 'Cancel' }).click()
      await page.getByText('The search was cancelled').waitFor()
      // What nobody waits for is stopped after a moment, and written.
      await expect.poll(() => cachedBlocks(workspace), { timeout: 10_000 }).not.toEqual(blocks)
      await page.getByRole('button', { name: 'Search', exact: true }).click()
      await waiting.waitFor()
      expect(await done()).toBeGreaterThanOrEqual(before)
      await waiting.getByRole('button', { name: 'Cancel' }).click()
      await page.getByText('The search was cancelled').waitFor()
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
