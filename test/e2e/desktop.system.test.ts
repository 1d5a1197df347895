import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findElectron } from '../../scripts/find-electron.mjs'
import { waitUntil } from '../wait-until'

const root = resolve(import.meta.dirname, '../..')

/** Why the desktop application cannot be started here, or null when it can. Printed once, so that a skip is never silent. */
function missingDesktop(): string | null {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  const reason = !findElectron()
    ? "Electron's binary is not installed (npx install-electron would fetch it)"
    : process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY
      ? 'there is no screen (xvfb-run would give one)'
      : null
  if (reason) console.warn(`${reason}: the desktop application is not tried`)
  return reason
}

describe.skipIf(missingDesktop())('the desktop application', () => {
  let folder: string
  let app: ElectronApplication

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hydra-desktop-'))
    app = await _electron.launch({
      executablePath: findElectron()!,
      args: [root, '--no-sandbox', `--user-data-dir=${join(folder, 'user')}`],
      env: { ...(process.env as Record<string, string>), HYDRA_WORKSPACE: join(folder, 'workspace') },
    })
  }, 60_000)
  afterAll(async () => {
    await app?.close()
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('shows Home over its own line, keeps Node out of the page, and is led by menu and card file', async () => {
    const page = await app.firstWindow()
    await page.getByRole('button', { name: 'Run the demo' }).waitFor()
    expect(page.url()).toBe('app://workbench/index.html#/')
    expect(await page.evaluate<string>('typeof require + typeof process')).toBe('undefinedundefined')
    const isVisible = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].isVisible())
    await waitUntil(isVisible)
    await app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()!.items.flatMap(({ submenu }) => submenu?.items ?? [])
      items.find(({ label }) => label === 'Train')!.click()
    })
    await page.getByRole('heading', { level: 1, name: 'Train' }).waitFor()
    const card = join(folder, 'find.hydracard')
    await writeFile(card, '{}')
    await app.evaluate(({ app: running }, file) => {
      running.emit('second-instance', {}, ['hydra', file], '/')
    }, card)
    await waitUntil(() => page.url().endsWith(`#/cards?import=${encodeURIComponent(card)}`))
  })
})
