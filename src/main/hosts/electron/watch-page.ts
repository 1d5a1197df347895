import type { BrowserWindow } from 'electron'
import { crashPage } from './crash-page'

/** Chromium's code for a load that another one overtook: nothing is missing. */
const ABORTED = -3

/** Shows the crash page when the page's process is gone or the page cannot be loaded. `about`: lines on the machine and version. */
export function watchPage(
  window: Pick<BrowserWindow, 'webContents' | 'loadURL' | 'show' | 'isDestroyed'>,
  about: () => readonly string[],
): void {
  const { webContents } = window
  const showCrash = (what: string) => {
    if (window.isDestroyed()) return
    // Not within the event: the process that is to show it is still being taken down.
    setImmediate(() => {
      if (window.isDestroyed()) return
      void window.loadURL(crashPage([what, ...about()])).catch(() => undefined)
      window.show()
    })
  }
  webContents.on('render-process-gone', (_, { reason, exitCode }) => {
    if (reason !== 'clean-exit') showCrash(`The page's process ended: ${reason}, code ${exitCode}.`)
  })
  webContents.on('did-fail-load', (_, code, description, address, isMainFrame) => {
    if (isMainFrame && code !== ABORTED && !address.startsWith('data:'))
      showCrash(`${address} could not be loaded: ${description} (${code}).`)
  })
}
