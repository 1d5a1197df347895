import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { zipSync } from 'fflate'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFindings,
  missingBrowser,
  openBrowser,
  openPage,
  type TestBrowser,
} from './open-browser'
import { type StoryHost, startHost } from './start-host'
import { writeCollection } from './young-collection'

const root = resolve(import.meta.dirname, '../..')
const output = resolve(root, 'test/output')

/** The young animals, with a query of train repeated in test: what the linter must find. */
async function zipCollection(folder: string, zip: string): Promise<void> {
  await writeCollection(folder)
  const files: Record<string, Uint8Array> = {}
  for (const name of await readdir(folder, { recursive: true }))
    if (/\.(jsonl|tsv)$/.test(name)) files[`young/${name}`] = await readFile(join(folder, name))
  const queries = Buffer.from(files['young/queries.jsonl']).toString()
  files['young/queries.jsonl'] = Buffer.from(queries.replace('story about a puppy', 'a young puppy'))
  await writeFile(zip, zipSync(files))
}

describe.skipIf(missingBrowser() || !existsSync(join(root, 'out/main/serve.js')))(
  'datasets, with the real host',
  () => {
    let browser: TestBrowser
    let host: StoryHost
    let workspace: string
    let page: Page
    let complaints: string[]
    let data: string

    beforeAll(async () => {
      await mkdir(output, { recursive: true })
      workspace = await mkdtemp(join(tmpdir(), 'hydra-datasets-'))
      data = await mkdtemp(join(tmpdir(), 'hydra-dropped-'))
      await zipCollection(join(data, 'young'), join(data, 'young.zip'))
      await copyFile(join(data, 'young.zip'), join(data, 'young (1).zip'))
      await writeFile(join(data, 'broken.zip'), 'this is text')
      host = await startHost(workspace)
      browser = await openBrowser()
      const opened = await openPage(browser)
      page = opened.page
      complaints = opened.complaints
      await page.goto(host.url)
      await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await host?.stop()
      for (const folder of [workspace, data]) if (folder) await rm(folder, { recursive: true, force: true })
    })

    /** Drops a file of the disk on whatever page is shown, as the platform does. */
    const drop = async (path: string) => {
      const line = await page.context().newCDPSession(page)
      const data = { items: [], files: [path], dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await line.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data })
      await line.detach()
    }
    const shot = (name: string) => page.screenshot({ path: join(output, `${name}.png`) })

    it('imports a zip that is dropped on another page, and shows what the linter found', {
      timeout: 60_000,
    }, async () => {
      await drop(join(data, 'young.zip'))
      await page.getByRole('heading', { level: 1, name: 'Datasets' }).waitFor()
      const imported = page.getByText('young is imported.')
      await imported.waitFor({ timeout: 40_000 })
      await expect.poll(() => readdir(join(workspace, 'cache', 'uploads'))).toEqual([])
      await shot('datasets')
      await page.getByRole('table').getByRole('link', { name: 'young' }).click()
      await page.getByRole('heading', { level: 1, name: 'young' }).waitFor()
      await page.getByRole('heading', { name: /repeated queries/ }).waitFor()
      await page.getByText('q0-0').first().waitFor()
      expect(await accessibilityFindings(page)).toEqual([])
    })

    it('browses its documents, and opens one with its judgments', { timeout: 60_000 }, async () => {
      const views = page.getByRole('navigation', { name: 'Views of this dataset' })
      await views.getByRole('link', { name: 'Documents' }).click()
      const list = page.getByRole('list', { name: 'Documents' })
      await list.getByRole('link', { name: /kangaroo/ }).click({ timeout: 30_000 })
      const panel = page.getByRole('complementary', { name: 'Document' })
      await panel.getByText('4 judgments').waitFor()
      expect(page.url()).toContain('text=d12')
      await shot('dataset-document')
      expect(await accessibilityFindings(page)).toEqual([])
      await panel.getByRole('link', { name: 'picture of a joey' }).click()
      await page.getByRole('complementary', { name: 'Query' }).getByText('kangaroo').waitFor()
      await page.goBack()
      await panel.getByRole('heading', { name: 'kangaroo' }).waitFor()
      await page.getByLabel('Search the documents').fill('swan long')
      await page.getByRole('list', { name: 'Hits' }).getByRole('link').waitFor()
      await page.getByText('1 hit in 16 documents').waitFor()
      await page.reload()
      await page.getByText('1 hit in 16 documents').waitFor()
    })

    it('counts its words', { timeout: 60_000 }, async () => {
      await page.getByRole('link', { name: 'Lengths' }).click()
      await page.getByRole('img', { name: /^Documents by length: of 16 texts/ }).waitFor({ timeout: 30_000 })
      expect(await accessibilityFindings(page)).toEqual([])
      await shot('dataset-lengths')
    })

    it('offers another id or to replace at the second import, and refuses what is no zip', {
      timeout: 60_000,
    }, async () => {
      await drop(join(data, 'broken.zip'))
      await page.getByRole('alert').getByText('ZIP_INVALID').waitFor()
      await page.getByRole('alert').getByRole('button', { name: 'Close' }).click()
      await drop(join(data, 'young (1).zip'))
      await page.getByText('young is there already').waitFor()
      await shot('datasets-again')
      expect(await accessibilityFindings(page)).toEqual([])
      await page.getByRole('button', { name: 'Import as young-2' }).click()
      await page.getByText('young-2 is imported.').waitFor({ timeout: 40_000 })
      await drop(join(data, 'young.zip'))
      await page.getByRole('button', { name: 'Replace young' }).click()
      await page.getByText('young is imported.', { exact: true }).waitFor({ timeout: 40_000 })
      expect((await readdir(join(workspace, 'datasets'))).sort()).toEqual(['young', 'young-2'])
    })

    it('deletes one, in every window, and brings it back', { timeout: 60_000 }, async () => {
      const other = (await openPage(browser)).page
      await other.goto(`${host.url}&path=/datasets`)
      const there = other.getByRole('table').getByRole('link', { name: 'young-2' })
      await there.waitFor()
      await page.getByRole('table').getByRole('link', { name: 'young-2' }).click()
      await page.getByRole('button', { name: 'Delete', exact: true }).click()
      await page.getByRole('button', { name: 'Delete the dataset' }).click()
      await page.getByText('young-2 is deleted').waitFor()
      await there.waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByRole('table').getByRole('link', { name: 'young-2' }).waitFor()
      await there.waitFor()
      await other.context().close()
      // What was refused on purpose is a line in the console, too.
      expect(complaints.filter((line) => !line.includes('415'))).toEqual([])
    })
  },
)
