import { existsSync } from 'node:fs'
import { release } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, type BrowserWindow, session, shell } from 'electron'
import { defaultWorkspace } from '../../services/default-workspace'
import { setApplicationMenu } from './application-menu'
import { cardFileOf, cardRoute, isCardFile } from './card-file'
import { connectPage } from './connect-page'
import { denyNavigation, denyPermissions } from './deny-by-default'
import { type KeptState, openDesktopState } from './desktop-state'
import { openMainWindow } from './main-window'
import { type Go, menuCommands } from './menu-commands'
import { type OpenWorkspace, openWorkspace } from './open-workspace'
import { registerPageScheme, servePage } from './page-protocol'
import { quitWithCare } from './quit-with-care'
import { saveDownloads } from './save-downloads'
import { showFailure } from './show-failure'
import { unpackedRoot } from './unpacked-root'
import { watchPage } from './watch-page'

/** As the installers name it (electron-builder.ts): Windows shows notifications under no other. */
const APP_ID = 'org.hydra-workbench.desktop'

/** The desktop application, in the order in which it comes up. */
export async function startDesktop(packedRoot: string): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.setAppUserModelId(APP_ID)
  const openedCards = collectOpenedCards()
  registerPageScheme()
  denyNavigation()
  await app.whenReady()
  denyPermissions()
  const appRoot = unpackedRoot(packedRoot)
  servePage(join(packedRoot, 'out', 'renderer'))
  saveDownloads(session.defaultSession, app.getPath('downloads'), (file) => shell.showItemInFolder(file))
  const state = openDesktopState(app.getPath('userData'))
  let workspace: OpenWorkspace
  try {
    workspace = await openWorkspace(appRoot, chosenWorkspace(appRoot, state), (file) =>
      shell.showItemInFolder(file),
    )
  } catch (thrown) {
    showFailure(thrown)
    app.exit(1)
    return
  }
  state.opened(workspace.folder)
  connectPage(() => workspace.router)
  const card = openedCards.take() ?? cardFileOf(process.argv, process.cwd())
  const window = openMainWindow(packedRoot, state, card ? cardRoute(card) : '/')
  const go: Go = (route, anew = false) => {
    window.webContents.send('hydra:go', route, anew)
    comeForward(window)
  }
  watchPage(window, () => aboutThisMachine(workspace))
  quitWithCare(workspace, window)
  keepMenu(window, workspace, state, go)
  openedCards.listen((file) => go(cardRoute(file)))
  app.on('second-instance', (_, words, folder) => {
    const file = cardFileOf(words, folder)
    if (file) go(cardRoute(file))
    else comeForward(window)
  })
  app.on('activate', () => comeForward(window))
  app.on('window-all-closed', () => app.quit())
}

function comeForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Sets the menu, now and whenever another workspace was opened. */
function keepMenu(window: BrowserWindow, workspace: OpenWorkspace, state: KeptState, go: Go): void {
  const commands = menuCommands(window, workspace, state, go, set)
  function set(): void {
    const recent = state.current.recent.filter((one) => one !== workspace.folder)
    setApplicationMenu(process.platform, commands, recent)
  }
  set()
}

/** macOS names a file that was opened in an event, which may come before there is a window. */
function collectOpenedCards() {
  const waiting: string[] = []
  let open = (file: string): void => {
    waiting.push(file)
  }
  app.on('open-file', (event, file) => {
    event.preventDefault()
    if (isCardFile(file)) open(file)
  })
  return {
    take: () => waiting.pop() ?? null,
    listen: (listener: (file: string) => void) => {
      open = listener
    },
  }
}

/**
 * `npm start -- --workspace DIR`, else (installed) the last one opened, where it is still there, else as in every host.
 * Chromium's own switches stand on the same line and are passed over.
 */
function chosenWorkspace(appRoot: string, state: KeptState): string {
  const { values } = parseArgs({
    args: process.argv.slice(1),
    options: { workspace: { type: 'string' } },
    strict: false,
  })
  const typed = typeof values.workspace === 'string' ? values.workspace : undefined
  const remembers = app.isPackaged && !process.env.HYDRA_WORKSPACE
  const last = remembers ? state.current.recent.find((one) => existsSync(one)) : undefined
  return defaultWorkspace({ named: typed ?? last, environment: process.env, appRoot })
}

/** For a report of a fault. */
function aboutThisMachine({ folder }: OpenWorkspace): string[] {
  const { electron, chrome, node } = process.versions
  return [
    `Hydra Workbench ${app.getVersion()}, Electron ${electron}, Chromium ${chrome}, Node ${node}`,
    `${process.platform} ${release()}, ${process.arch}`,
    `Workspace ${folder}`,
  ]
}
