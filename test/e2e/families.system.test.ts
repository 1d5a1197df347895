import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zipOf } from '../engine/datasets/small-dataset'
import { groupedFamily } from './grouped-family'
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
  'corpora that were never trained, with the real engine',
  () => {
    let browser: TestBrowser
    let host: StoryHost
    let folder: string
    let page: Page
    let complaints: string[]

    beforeAll(async () => {
      await mkdir(output, { recursive: true })
      folder = await mkdtemp(join(tmpdir(), 'hydra-families-'))
      await writeFile(join(folder, 'kinds.zip'), zipOf(groupedFamily()))
      host = await startHost(join(folder, 'workspace'))
      browser = await openBrowser()
      ;({ page, complaints } = await openPage(browser, { viewport: { width: 1440, height: 900 } }))
      await page.goto(`${host.url}&path=/train`)
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await host?.stop()
      if (folder) await rm(folder, { recursive: true, force: true })
    })

    const shot = (name: string) => page.screenshot({ path: join(output, `family-${name}.png`) })

    it('are a quarter of an imported family, and others choose what cards never trained are handed', {
      timeout: 120_000,
    }, async () => {
      await page.getByLabel(/Folder or zip/).fill(join(folder, 'kinds.zip'))
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await page.getByRole('checkbox', { name: /kinds family of 8 corpora/ }).check()
      await page.getByRole('button', { name: /Hold out whole corpora/ }).click()
      await page.getByLabel('Preset').selectOption('experts')
      await page.getByLabel('Training steps').fill('3')
      await page.getByText('Advanced', { exact: true }).click()
      await page.getByLabel('Rule clusters').fill('2')
      await page.keyboard.press('Tab')
      const plan = page.getByRole('region', { name: 'Before it starts' })
      await plan.getByText('What is handed out for cards never trained is chosen on them.').waitFor()
      const parts = await plan.getByText(/^\d tasks?$/).allTextContents()
      // Trained, held out, left out for the rule.
      expect(parts.slice(0, 3)).toEqual(['4 tasks', '2 tasks', '2 tasks'])
      await shot('train')
      await page.getByRole('button', { name: 'Start training' }).click()
      await page.getByText('Finished', { exact: true }).waitFor({ timeout: 90_000 })
    })

    it('stand in Compare with the experts that make their heads', { timeout: 60_000 }, async () => {
      await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
      await page
        .getByRole('figure', { name: /unseen/ })
        .first()
        .waitFor()
      const scores = page.getByRole('region', { name: 'Scores by task' })
      await scores.getByRole('columnheader', { name: 'Experts' }).waitFor()
      const lines = await scores.getByRole('row').allTextContents()
      expect(lines).toHaveLength(1 + 2)
      for (const line of lines.slice(1)) expect(line).toMatch(/(kinds|shared) 1?\.\d\d|No expert fits/)
      expect(await accessibilityFindings(page)).toEqual([])
      await shot('compare')
    })

    it('are searched in the playground with what the rule hands out, and so is the exported head', {
      timeout: 60_000,
    }, async () => {
      await page.getByRole('region', { name: 'Scores by task' }).getByRole('link').first().click()
      await page.getByText('never trained', { exact: true }).first().waitFor()
      const column = page.getByRole('region', { name: 'This card' })
      await expect.poll(() => column.getByRole('listitem').count()).toBeGreaterThan(5)
      const why = await page.getByText(/^Handed out: /).innerText()
      expect(why).toMatch(
        /(chosen on|since on) the dev queries of 2 tasks that were left out of training for it/,
      )
      const which = await column.getByRole('definition').first().innerText()
      expect(why).toContain(which)
      expect(await accessibilityFindings(page)).toEqual([])
      await shot('playground')
      await page.getByRole('link', { name: 'Export head' }).click()
      await page.getByRole('button', { name: 'Export', exact: true }).click()
      await page.getByRole('heading', { name: 'Search with it' }).waitFor()
      await page.getByText(why).waitFor()
      await shot('export')
      expect(complaints).toEqual([])
    })
  },
)
