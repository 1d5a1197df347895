import { join } from 'node:path'
import { BrowserWindow, nativeTheme } from 'electron'
import { PAGE_ORIGIN } from './page-address'

/** What shows before the page has drawn itself: its own background, so that nothing flashes. */
const BACKGROUND = { light: '#ffffff', dark: '#16181d' }

export function openMainWindow(appRoot: string): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Hydra Workbench',
    width: 1320,
    height: 880,
    minWidth: 880,
    minHeight: 560,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: join(appRoot, 'out', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  void window.loadURL(`${PAGE_ORIGIN}/index.html`)
  return window
}
