import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import type { KeptState } from './desktop-state'
import { pageAddress } from './page-address'
import { placeOf, placeWindow, SMALLEST_WINDOW } from './window-place'

/** The page's canvas (app/tokens.css), until it says which of the two it has. */
const BACKGROUND = { light: '#ffffff', dark: '#121316' }
/** A page that has not drawn itself by then is shown as it is. */
const PATIENCE_MS = 4000

/** @param route where the page begins */
export function openMainWindow(appRoot: string, state: KeptState, route: string): BrowserWindow {
  const kept = state.current.window
  const window = new BrowserWindow({
    title: 'Hydra Workbench',
    ...placeWindow(
      kept,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    ),
    minWidth: SMALLEST_WINDOW.width,
    minHeight: SMALLEST_WINDOW.height,
    fullscreen: kept?.fullScreen ?? false,
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
  showWhenDrawn(window, kept?.maximised ?? false)
  window.on('close', () => state.keep({ window: placeOf(window) }))
  // What fails to load is shown by watchPage.
  window.loadURL(pageAddress(route)).catch(() => undefined)
  return window
}

/**
 * The window follows the page's theme, which a person may have chosen against the system's: it takes the colour that the page
 * names (`<meta name="theme-color">`), and is first shown when the page has named it and drawn itself. So nothing flashes.
 */
function showWhenDrawn(window: BrowserWindow, maximised: boolean): void {
  let drawn = false
  let colour: string | null = null
  const show = () => {
    clearTimeout(patience)
    if (window.isDestroyed() || window.isVisible()) return
    if (maximised) window.maximize()
    window.show()
  }
  const patience = setTimeout(show, PATIENCE_MS)
  window.once('closed', () => clearTimeout(patience))
  window.once('ready-to-show', () => {
    drawn = true
    if (colour) show()
  })
  window.webContents.on('did-change-theme-color', (_, named) => {
    if (!named) return
    colour = named
    window.setBackgroundColor(named)
    if (drawn) show()
  })
}
