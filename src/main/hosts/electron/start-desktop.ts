import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, type BrowserWindow, dialog, shell } from 'electron'
import { ERROR_CODES, toHydraError } from '../../../shared/errors'
import { defaultWorkspace } from '../../services/default-workspace'
import { openWorkbench, type Workbench } from '../../services/open-workbench'
import { setApplicationMenu } from './application-menu'
import { connectPage } from './connect-page'
import { denyNavigation, denyPermissions } from './deny-by-default'
import { openMainWindow } from './main-window'
import { registerPageScheme, servePage } from './page-protocol'

/** The desktop application, in the order in which it comes up. */
export async function startDesktop(appRoot: string): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  registerPageScheme()
  denyNavigation()
  await app.whenReady()
  denyPermissions()
  servePage(join(appRoot, 'out', 'renderer'))
  setApplicationMenu(process.platform)
  try {
    const workbench = await openWorkbench({
      workspace: chosenWorkspace(appRoot),
      appRoot,
      host: 'electron',
      mode: 'write',
      now: () => new Date(),
      reveal: (path) => shell.showItemInFolder(path),
    })
    closeBeforeQuitting(workbench)
    connectPage(workbench.router)
  } catch (thrown) {
    const { code, detail } = toHydraError(thrown)
    dialog.showErrorBox(
      ERROR_CODES[code],
      `Expected ${detail.expected}.\nGot ${detail.got}.\n\n${detail.remedy}`,
    )
    app.exit(1)
    return
  }
  let window: BrowserWindow | null = openMainWindow(appRoot)
  window.on('closed', () => {
    window = null
  })
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
}

/** `npm start -- --workspace DIR`; Chromium's own switches stand on the same line and are passed over. */
function chosenWorkspace(appRoot: string): string {
  const { values } = parseArgs({
    args: process.argv.slice(1),
    options: { workspace: { type: 'string' } },
    strict: false,
  })
  const named = typeof values.workspace === 'string' ? values.workspace : undefined
  return defaultWorkspace({ named, environment: process.env, appRoot })
}

/** Running jobs end and say so on disk before the application goes. */
function closeBeforeQuitting(workbench: Workbench): void {
  let closed = false
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void workbench.close().finally(() => {
      closed = true
      app.quit()
    })
  })
}
