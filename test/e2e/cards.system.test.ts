import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../command-line'
import { makeGenerator } from '../engine/generation/tiny-generator'
import { GROUPS, writeGroups } from './grouped-collection'
import {
  accessibilityFindings,
  missingBrowser,
  openBrowser,
  openPage,
  type TestBrowser,
} from './open-browser'
import { type StoryHost, startHost } from './start-host'

const root = resolve(import.meta.dirname, '../..')

describe.skipIf(missingBrowser() || !existsSync(join(root, 'out/main/serve.js')))(
  'cards, with the real engine',
  () => {
    let browser: TestBrowser
    let host: StoryHost
    let folder: string
    let page: Page
    let complaints: string[]

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'hydra-cards-'))
      const workspace = join(folder, 'workspace')
      const cli = commandLine(workspace)
      await cli.json('datasets', 'import', writeGroups(join(folder, 'grouped')), '--id', 'grouped')
      await cli.json(
        'train',
        '--tasks',
        'grouped/*',
        '--unseen',
        '0.25',
        '--steps',
        '4',
        '--rows',
        'task card,no card',
      )
      host = await startHost(workspace)
      browser = await openBrowser()
      ;({ page, complaints } = await openPage(browser, { viewport: { width: 1440, height: 1000 } }))
    }, 120_000)
    afterAll(async () => {
      await browser?.close()
      await host?.stop()
      if (folder) await rm(folder, { recursive: true, force: true })
    })

    const link = (name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true })
    const region = (name: string) => page.getByRole('region', { name, exact: true })
    const description = () => page.getByRole('textbox', { name: 'Description', exact: true })

    it('are written from train examples, warned of test queries, and compared with the nearest', {
      timeout: 120_000,
    }, async () => {
      await page.goto(`${host.url}&path=/cards`)
      await page.getByRole('link', { name: 'New card' }).click()
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Baby animals')
      await description().fill('find the grown animal')
      const task = page.getByRole('combobox', { name: 'Task that the card is for' })
      await task.fill('young')
      await page.getByRole('option', { name: /^young/ }).click()
      const draws = region('Examples from a train split')
      await draws.getByText('16 pairs of the train split may be shown, its 8 test queries').waitFor()
      expect(await draws.getByText('picture of').count()).toBe(0)
      await draws.getByText('Diverse', { exact: true }).click()
      await draws.locator('[aria-busy="false"]').waitFor()
      await draws
        .getByRole('button', { name: /^Add .+/ })
        .first()
        .click()
      await draws.getByText('Search', { exact: true }).click()
      await draws.getByRole('textbox', { name: 'Words of query or document' }).fill('well kitten')
      await draws.getByRole('button', { name: 'Add the well-known kitten' }).click()
      await expect.poll(() => page.getByLabel(/^Query of example/).count()).toBe(2)
      await page.getByText('No test query of “young · grouped” is shown or said').waitFor()

      await page.getByText('Paste pairs').click()
      await page
        .getByRole('textbox', { name: /^One pair a line/ })
        .fill('picture of foal\thorse horse is known to everybody.\nno tab')
      await page.getByText('Line 2: no tab between query and document').waitFor()
      await page.getByRole('button', { name: 'Add 1 pair', exact: true }).click()
      await region('Warnings').getByText('1 example of a card is a test query.').waitFor()
      await page.getByRole('button', { name: 'Remove example 3' }).click()
      await page.getByText('No test query of “young · grouped” is shown or said').waitFor()

      await region('What the encoder sees')
        .getByText(/tokens, of at most 256/)
        .waitFor()
      const near = region('Nearest trained cards')
      await near.getByRole('row').nth(1).waitFor()
      await near.getByText('Too few cards were trained to say whether it is unlike them.').waitFor()
      expect(await accessibilityFindings(page)).toEqual([])
      const suggests = region('Queries that a model suggests')
      expect(await suggests.getByRole('button', { name: 'Suggest queries' }).isDisabled()).toBe(true)
      await suggests.getByText('No model that writes queries is here.').waitFor()
      const words = [...GROUPS.young.pairs.map(([, animal]) => animal), 'known', 'everybody']
      await makeGenerator(join(folder, 'workspace', 'models', 'writer'), 'seq2seq', words)
      await page.reload()
      await page.getByText('Not saved yet: as you left it').waitFor()

      await suggests.getByText('The card’s documents').click()
      await suggests.getByRole('button', { name: 'Suggest queries' }).click()
      const suggested = suggests.getByRole('listitem')
      await suggested.first().waitFor()
      expect(await suggested.getByText('generated', { exact: true }).count()).toBe(await suggested.count())
      await suggests.getByText('that writer wrote of 2 documents still to be read').waitFor()
      expect(await accessibilityFindings(page)).toEqual([])
      const texts = await suggested.locator('strong').allTextContents()
      expect(texts.length).toBeGreaterThan(2)
      // By keys: what takes the place of the one that was decided is under the hand.
      await suggested
        .first()
        .getByRole('button', { name: /^Accept / })
        .focus()
      await page.keyboard.press('Enter')
      await expect.poll(() => suggested.locator('strong').allTextContents()).toEqual(texts.slice(1))
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await expect.poll(() => suggested.locator('strong').allTextContents()).toEqual(texts.slice(2))
      await expect.poll(() => page.getByLabel('Query of example 3').inputValue()).toBe(texts[0])
      await page.getByRole('button', { name: 'Save as your card' }).click()
      await page.getByText('Your card, in cards/baby-animals.json').waitFor()
      const saved = JSON.parse(await readFile(join(folder, 'workspace/cards/baby-animals.json'), 'utf8'))
      expect(saved).toMatchObject({ id: 'baby-animals', description: 'find the grown animal' })
      expect(saved.examples[1]).toMatchObject({ queryId: 'young-the-well-known-kitten', documentId: 'cat' })
      // Of what was suggested the card has what was accepted, without a mark, and nothing else.
      expect(saved.examples).toHaveLength(3)
      expect(Object.keys(saved.examples[2]).sort()).toEqual(['document', 'documentId', 'query'])
      expect(saved.examples[2].query).toBe(texts[0])

      await near.getByRole('row').nth(1).getByRole('link').click()
      await page.getByRole('region', { name: 'Another card' }).waitFor()
      expect(page.url()).toMatch(/task=card:baby-animals.*other=grouped\//)
      await page.goBack()
      expect(complaints).toEqual([])
    })

    it('keep what they were, in step with another window, and come back after they were deleted', {
      timeout: 120_000,
    }, async () => {
      const other = (await openPage(browser)).page
      await other.goto(`${host.url}&path=/cards?of=yours`)
      await other.getByRole('link', { name: 'Baby animals' }).waitFor()
      await description().fill('find the animal that it will be')
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await other.getByText('find the animal that it will be').waitFor()
      await page.getByRole('button', { name: /^until/ }).click()
      const history = region('History')
      await expect.poll(() => history.locator('ins').allTextContents()).not.toEqual([])
      await history.getByRole('button', { name: 'Restore this version' }).click()
      await expect.poll(() => description().inputValue()).toBe('find the grown animal')
      await page.getByRole('button', { name: 'Delete' }).click()
      await page.getByText('“baby-animals” is deleted.').waitFor()
      await other.getByText('No card of yours yet').waitFor()
      await page.getByRole('button', { name: 'Undo' }).click()
      await expect.poll(() => description().inputValue()).toBe('find the grown animal')
      await other.getByRole('link', { name: 'Baby animals' }).waitFor()
      await other.context().close()
      expect(complaints).toEqual([])
    })

    it('leave as Markdown with front matter and come back from it', { timeout: 120_000 }, async () => {
      const leaves = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Save as Markdown file' }).click()
      const file = await (await leaves).path()
      const text = await readFile(file, 'utf8')
      expect(text).toMatch(/^---\nversion: 1\nid: baby-animals\n/)
      expect(text).toMatch(/---\n\nfind the grown animal\n$/)
      await page.getByRole('navigation').getByRole('link', { name: 'Cards', exact: true }).click()
      await page.setInputFiles('input[type=file]', {
        name: 'card.md',
        mimeType: 'text/markdown',
        buffer: Buffer.from(
          text.replace('id: baby-animals', 'id: cubs').replace('name: Baby animals', 'name: Cubs'),
        ),
      })
      await page.getByRole('heading', { level: 1, name: 'Cubs' }).waitFor()
      await page.getByRole('button', { name: 'Save as your card' }).click()
      await page.getByText('Your card, in cards/cubs.json').waitFor()
      await page.getByRole('navigation').getByRole('link', { name: 'Cards', exact: true }).click()
      await page.setInputFiles('input[type=file]', {
        name: 'no.md',
        mimeType: 'text/plain',
        buffer: Buffer.from('[]'),
      })
      await page.getByText('CARD_INVALID').waitFor()
      expect(await accessibilityFindings(page)).toEqual([])
      expect(complaints).toEqual([])
    })

    it('are edited in the playground, which opens on one that was never trained, and its ranking moves', {
      timeout: 120_000,
    }, async () => {
      await link('Playground').click()
      await page.getByText('never trained', { exact: true }).first().waitFor()
      const ranking = region('This card').getByRole('link')
      await expect.poll(() => ranking.count()).toBe(10)
      const query = page.getByLabel('Query', { exact: true })
      const [first, asked] = [await ranking.allTextContents(), await query.inputValue()]
      expect(asked).not.toBe('')
      await description().fill('find the animal whose young it is')
      await page.getByText('edited', { exact: true }).waitFor()
      await expect.poll(() => ranking.allTextContents()).not.toEqual(first)
      await page.locator('[aria-busy="false"]').first().waitFor()
      await ranking.nth(1).click()
      await page.getByText('2 of the first 10 under This card').waitFor()
      await page.getByRole('row', { name: /^description find the animal whose young it is/ }).waitFor()
      expect(await accessibilityFindings(page)).toEqual([])
      await page.getByRole('button', { name: 'New query' }).click()
      await expect.poll(() => query.inputValue()).not.toBe(asked)
      expect(complaints).toEqual([])
    })
  },
)
