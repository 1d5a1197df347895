import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeRun } from './made-runs'
import {
  accessibilityFindings,
  missingBrowser,
  openBrowser,
  openPage,
  type TestBrowser,
} from './open-browser'
import { type StoryHost, startHost } from './start-host'

const root = resolve(import.meta.dirname, '../..')
const output = resolve(root, 'test/output')

describe.skipIf(missingBrowser() || !existsSync(join(root, 'out/main/serve.js')))(
  'runs and settings, with the real host',
  () => {
    let browser: TestBrowser
    let host: StoryHost
    let workspace: string
    let page: Page
    let other: Page
    let complaints: string[]

    beforeAll(async () => {
      await mkdir(output, { recursive: true })
      workspace = await mkdtemp(join(tmpdir(), 'hydra-runs-'))
      await makeRun(workspace, { title: 'Narrow', seed: 1, state: 'done', score: 0.15 }, 0)
      await makeRun(workspace, { title: 'Wide', seed: 2, state: 'done', score: 0.25 }, 1)
      await makeRun(workspace, { title: 'Broken', seed: 3, state: 'failed' }, 2)
      const cache = join(workspace, 'cache', 'teachers')
      await mkdir(cache, { recursive: true })
      await writeFile(join(cache, 'scores.safetensors'), 'x'.repeat(2048))
      host = await startHost(workspace)
      browser = await openBrowser()
      const opened = await openPage(browser)
      page = opened.page
      complaints = opened.complaints
      await page.goto(host.url)
      await go(page, '/runs')
      await page.getByRole('row', { name: /Narrow/ }).waitFor()
      other = (await openPage(browser)).page
      await other.goto(`${host.url}&path=/runs`)
      await other.getByRole('row', { name: /Narrow/ }).waitFor()
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await host?.stop()
      if (workspace) await rm(workspace, { recursive: true, force: true })
    })

    const go = (where: Page, path: string) => where.goto(`http://127.0.0.1:${host.port}/#${path}`)
    const names = async (where: Page) =>
      (await where.getByRole('rowheader').getByRole('link').allTextContents()).map((one) => one.trim())
    const address = () => new URL(page.url()).hash

    it('shows the figures of each run, sorts by them, and keeps the order in the address', async () => {
      const wide = page.getByRole('row', { name: /Wide/ })
      await wide.getByText('.250').waitFor()
      expect(await wide.textContent()).toMatch(/\+\.150.*over no card.*\.450 at 200.*\.350 at 400/s)
      expect(await names(page)).toEqual(['Broken', 'Wide', 'Narrow'])
      await page.getByRole('button', { name: 'Sort by nDCG@10' }).click()
      await expect.poll(() => names(page)).toEqual(['Wide', 'Narrow', 'Broken'])
      await page.getByRole('button', { name: 'Sort by nDCG@10' }).click()
      await expect.poll(() => names(page)).toEqual(['Narrow', 'Wide', 'Broken'])
      expect(address()).toContain('sort=measure')
      expect(await accessibilityFindings(page)).toEqual([])
    })

    it('takes a name where it stands, and the other window follows', async () => {
      await page.getByRole('button', { name: 'Rename Narrow' }).click()
      await page.keyboard.type('Baseline')
      await page.keyboard.press('Enter')
      await other.getByRole('link', { name: 'Baseline' }).waitFor()
      await page.getByRole('button', { name: 'Name, tags and notes of Wide' }).click()
      await page.getByLabel('Tags, separated by commas').fill('paper, wide')
      await page.getByRole('textbox', { name: 'Notes', exact: true }).fill('The one to quote.')
      await page.getByRole('button', { name: 'Save' }).click()
      await other.getByRole('row', { name: /Wide.*paper/ }).waitFor()
      const [id] = await idsOf(workspace, 'wide')
      const written = JSON.parse(await readFile(join(workspace, 'runs', id, 'annotations.json'), 'utf8'))
      expect(written).toMatchObject({ name: null, tags: ['paper', 'wide'], notes: 'The one to quote.' })
    })

    it('keeps what is chosen through filters, sorting and a reload, and links it to a comparison', async () => {
      await page.getByLabel('Choose Baseline').check()
      await page.getByLabel('Choose Wide').check()
      await page.getByLabel('Tag', { exact: true }).selectOption('paper')
      await expect.poll(() => names(page)).toEqual(['Wide'])
      await page.getByText('2 runs chosen, 1 not in view').waitFor()
      await page.reload()
      await page.getByText('2 runs chosen, 1 not in view').waitFor()
      expect(await names(page)).toEqual(['Wide'])
      const link = await page.getByRole('link', { name: 'Compare', exact: true }).last().getAttribute('href')
      const [narrow, wide] = [await idsOf(workspace, 'narrow'), await idsOf(workspace, 'wide')].flat()
      expect(new URLSearchParams(link?.split('?')[1]).getAll('run')).toEqual([narrow, wide])
      await page.getByRole('button', { name: 'Show all' }).click()
      await page.getByLabel('Find in names, tags, notes and tasks').fill('quote')
      await expect.poll(() => names(page)).toEqual(['Wide'])
      await page.getByRole('button', { name: 'Show all' }).click()
      await page.getByRole('button', { name: 'Choose none' }).click()
    })

    it('archives and deletes with undo, in both windows', async () => {
      await page.getByLabel('Choose Broken').check()
      await page.getByRole('button', { name: 'Archive' }).click()
      await expect.poll(() => names(other)).toEqual(['Wide', 'Baseline'])
      await page.getByRole('button', { name: 'Undo' }).click()
      await expect.poll(() => names(other)).toEqual(['Broken', 'Wide', 'Baseline'])
      await page.getByLabel('Choose Broken').check()
      await page.getByRole('button', { name: 'Delete', exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
      await expect.poll(() => names(other)).toEqual(['Wide', 'Baseline'])
      await go(other, `/runs/${(await idsOf(workspace, 'broken', '.deleted'))[0]}`)
      await other.getByText('This run is not here').waitFor()
      await page.getByRole('button', { name: 'Undo' }).click()
      await other.getByRole('heading', { level: 1, name: 'Broken' }).waitFor()
      await page.screenshot({ path: join(output, 'runs.png') })
    })

    it('lets a row be reached and chosen by the keyboard', async () => {
      await page.getByLabel('Choose Baseline').focus()
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Space')
      await page.getByText('1 run chosen').waitFor()
      expect(await page.getByLabel('Choose Wide').isChecked()).toBe(true)
    })

    it('says in Settings what there is, and clears a cache with a word about its price', async () => {
      await go(page, '/settings')
      await page.getByText(workspace).first().waitFor()
      const models = page.getByRole('region', { name: 'Models' })
      const model = models.getByRole('row', { name: /all-MiniLM-L6-v2/ })
      expect(await model.textContent()).toContain('Apache-2.0')
      const scores = page.getByRole('row', { name: /Scores and orders of teachers/ })
      expect(await scores.textContent()).toContain('2.0 kB')
      await scores.getByRole('button').click()
      await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click()
      await page.getByText('2.0 kB are free again.').waitFor()
      expect(existsSync(join(workspace, 'cache', 'teachers'))).toBe(false)
      await page.getByText('Log of the host').click()
      await page.getByText(/opened to write by the web host/).waitFor()
      await page.getByRole('row', { name: /WebAssembly/ }).waitFor({ timeout: 30_000 })
      expect(await accessibilityFindings(page)).toEqual([])
      await page.screenshot({ path: join(output, 'settings.png'), fullPage: true })
      expect(complaints).toEqual([])
    })
  },
)

/** Ids of the runs whose slug this is. */
async function idsOf(workspace: string, slug: string, folder = ''): Promise<string[]> {
  return (await readdir(join(workspace, 'runs', folder))).filter((id) => id.includes(`-${slug}-`))
}
