/// <reference types="node" />
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accessibilityFindings,
  missingBrowser,
  openBrowser,
  openPage,
  type TestBrowser,
} from '../e2e/open-browser'
import { startFixtureServer } from './fixture-server'
import { visit } from './visit'

const renderer = resolve(import.meta.dirname, '../../out/renderer')

describe.skipIf(missingBrowser())('a training in the window', () => {
  let browser: TestBrowser

  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  it('can be used by keyboard alone: choose a dataset, start, keep, cancel', {
    timeout: 60_000,
  }, async () => {
    const server = await startFixtureServer({ renderer, scenario: 'full', pace: 150 })
    const { page } = await openPage(browser)
    await visit(page, server, '/')
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.textContent.trim() || document.activeElement.ariaLabel || ""',
      )
    const tabTo = async (matches: (text: string) => boolean) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab')
        if (matches(await focused())) return
      }
      throw new Error('no such stop in the tab order')
    }
    await tabTo((text) => text === 'Skip to the page')
    await tabTo((text) => text === 'Train')
    await page.keyboard.press('Enter')
    await page.getByText('WordNet finds').waitFor()
    const checkbox = page.getByRole('checkbox', { name: /WordNet finds/ })
    await checkbox.focus()
    await page.keyboard.press('Space')
    expect(await checkbox.isChecked()).toBe(true)
    await tabTo((text) => text === 'Start training')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Train wordnet-finds/*' }).waitFor()
    // Until the run has begun the page shows its job, and the buttons of that.
    await page.getByRole('img', { name: /^Training loss.* at step/ }).waitFor()
    await page.getByRole('button', { name: /^Cancel/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await focused()).toBe('Let it run')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Cancel the job')
    await page.keyboard.press('Enter')
    await page.getByText('Cancelled', { exact: true }).waitFor()
    await server.stop()
    await page.context().close()
  })

  it('show a run on one page: paused, resumed, cancelled, trained again', { timeout: 90_000 }, async () => {
    // Slow enough that a page on a busy machine meets the second network in mid-training.
    const server = await startFixtureServer({ renderer, scenario: 'full', pace: 200 })
    const { page, complaints } = await openPage(browser)
    await visit(page, server, '/train')
    await page.getByRole('checkbox', { name: /WordNet finds/ }).check()
    await page.getByLabel('Seed', { exact: true }).fill('5')
    await page.getByRole('button', { name: 'Start training' }).click()
    await page.waitForURL(/#\/runs\/run-\d+$/)
    const address = page.url()
    const curve = () => page.getByRole('img', { name: /^Training loss/ }).getAttribute('aria-label')
    await expect.poll(curve, { timeout: 30_000 }).toMatch(/no card from .* at step 40 to .* at step (80|1)/)
    await page.getByRole('button', { name: /^Pause/ }).click()
    await page.getByText('Paused', { exact: true }).waitFor()
    await page.getByText(/^It stopped with no card at step/).waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    const paused = await curve()
    await page.reload()
    await expect.poll(curve).toBe(paused)
    expect(await accessibilityFindings(page)).toEqual([])
    await page.getByRole('button', { name: /^Resume/ }).click()
    await page.getByRole('button', { name: /^Pause/ }).waitFor()
    expect(page.url()).toBe(address)
    expect(await page.getByText('Paused', { exact: true }).count()).toBe(0)
    // What came before the pause is still there while the resumed job says nothing of it yet.
    expect(await curve()).toMatch(/no card from .* at step 40 to/)
    // The second job of this host carries it now.
    await page.evaluate(`location.hash = '/jobs/job-2'`)
    await expect.poll(() => page.url()).toBe(address)
    await page.getByRole('button', { name: /^Cancel/ }).click()
    await page.getByRole('button', { name: 'Cancel the job' }).click()
    await page.getByText('Cancelled', { exact: true }).waitFor()
    await page.getByRole('link', { name: 'Train again' }).click()
    await page.getByText('Filled with what').waitFor()
    expect(await page.getByRole('checkbox', { name: /WordNet finds/ }).isChecked()).toBe(true)
    expect(await page.getByLabel('Seed', { exact: true }).inputValue()).toBe('5')
    expect(complaints).toEqual([])
    await server.stop()
    await page.context().close()
  })

  it('follow a run live, survive a reload, and lead to Compare', { timeout: 60_000 }, async () => {
    const server = await startFixtureServer({ renderer, scenario: 'empty', pace: 70 })
    const { page, complaints } = await openPage(browser)
    await visit(page, server, '/train')
    await page.getByLabel(/Folder or zip/).fill('/nowhere.zip')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByText('FILE_MISSING').waitFor()
    await page.getByRole('button', { name: 'Import wordnet-finds' }).click()
    await page.getByRole('button', { name: 'Start training' }).click()
    const curve = page.getByRole('img', { name: /^Training loss/ })
    await expect
      .poll(() => curve.getAttribute('aria-label'), { timeout: 10_000 })
      .toMatch(/no card from .* to /)
    const before = await curve.getAttribute('aria-label')
    await expect.poll(() => curve.getAttribute('aria-label')).not.toBe(before)
    // How far down it stands is the lines' above it, which tell the run's progress.
    const size = async () => {
      const { width, height } = (await curve.boundingBox())!
      return { width, height }
    }
    const drawn = await size()
    await page.reload()
    await expect
      .poll(() => curve.getAttribute('aria-label'), { timeout: 10_000 })
      .toMatch(/no card from .* at step 40 to /)
    expect(await size()).toEqual(drawn)
    await page.getByRole('link', { name: 'Compare' }).last().waitFor()
    await page.getByText('Finished').waitFor({ timeout: 20_000 })
    await page.getByRole('heading', { name: 'Verdict', exact: true }).waitFor()
    await page.getByText('would seldom show as much').first().waitFor()
    await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
    await page.getByRole('heading', { name: 'Ladder' }).waitFor()
    expect(complaints).toEqual([])
    await server.stop()
    await page.context().close()
  })
})
