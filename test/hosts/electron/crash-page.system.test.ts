import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crashPage } from '../../../src/main/hosts/electron/crash-page'
import {
  accessibilityFindings,
  missingBrowser,
  openBrowser,
  openPage,
  type TestBrowser,
} from '../../e2e/open-browser'

describe.skipIf(missingBrowser())('the crash page', () => {
  let browser: TestBrowser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())

  it.each(['light', 'dark'] as const)(
    'says what happened, copies it, and leads back: %s',
    async (colorScheme) => {
      const { page, complaints } = await openPage(browser, { colorScheme })
      const report = ['The page’s process ended: <oom> & "more"', 'Version 1']
      await page.goto(crashPage(report))
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await page.locator('pre').textContent()).toBe(report.join('\n'))
      expect(await page.getByRole('link', { name: 'Reload' }).getAttribute('href')).toBe(
        'app://workbench/index.html#/',
      )
      await page.getByRole('button', { name: 'Copy diagnostics' }).click()
      await page.getByRole('button', { name: 'Copied' }).waitFor()
      expect(await accessibilityFindings(page)).toEqual([])
      expect(complaints).toEqual([])
      await page.context().close()
    },
  )
})
