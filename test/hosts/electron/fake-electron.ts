import { EventEmitter } from 'node:events'
import { vi } from 'vitest'

/** What the application asks of Electron, noted; the package itself would start a download. */
export function fakeElectron() {
  const notified: string[] = []
  return {
    app: new EventEmitter() as FakeApp,
    ipcMain: new EventEmitter(),
    protocol: { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() },
    session: {
      defaultSession: Object.assign(new EventEmitter(), {
        setPermissionRequestHandler: vi.fn(),
        setPermissionCheckHandler: vi.fn(),
        setDevicePermissionHandler: vi.fn(),
      }),
    },
    dialog: { showErrorBox: vi.fn(), showMessageBox: vi.fn(), showOpenDialog: vi.fn() },
    Menu: { buildFromTemplate: vi.fn((template: unknown) => template), setApplicationMenu: vi.fn() },
    Notification: class {
      constructor(readonly options: { readonly body: string }) {}
      show() {
        notified.push(this.options.body)
      }
    },
    notified,
    nativeTheme: { shouldUseDarkColors: false },
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    shell: { openPath: vi.fn(async () => ''), showItemInFolder: vi.fn() },
    BrowserWindow: FakeWindow,
  }
}
export type FakeElectron = ReturnType<typeof fakeElectron>

type Noted<Name extends string> = Record<Name, ReturnType<typeof vi.fn>>
export type FakeApp = EventEmitter &
  Noted<
    | 'requestSingleInstanceLock'
    | 'setAppUserModelId'
    | 'whenReady'
    | 'getPath'
    | 'getVersion'
    | 'quit'
    | 'exit'
  > & { isPackaged: boolean }

/** @param folder of the user's data and downloads */
export function fakeApp(folder: string): FakeApp {
  return Object.assign(new EventEmitter(), {
    isPackaged: false,
    requestSingleInstanceLock: vi.fn(() => true),
    setAppUserModelId: vi.fn(),
    whenReady: vi.fn(() => Promise.resolve()),
    getPath: vi.fn((name: string) => `${folder}/${name}`),
    getVersion: vi.fn(() => '0.0.1'),
    quit: vi.fn(),
    exit: vi.fn(),
  })
}

/** A window that is what it was told to be. */
export class FakeWindow extends EventEmitter {
  readonly loaded: string[] = []
  readonly webContents = Object.assign(new EventEmitter(), {
    send: vi.fn(),
    navigationHistory: { goBack: vi.fn(), goForward: vi.fn() },
  })
  readonly setBackgroundColor = vi.fn()
  visible = false
  maximised = false
  minimised = false

  constructor(readonly options: Record<string, unknown>) {
    super()
  }
  async loadURL(address: string) {
    this.loaded.push(address)
  }
  show() {
    this.visible = true
  }
  hide() {
    this.visible = false
    this.emit('hide')
  }
  focus() {}
  restore() {
    this.minimised = false
  }
  maximize() {
    this.maximised = true
  }
  isVisible = () => this.visible
  isMinimized = () => this.minimised
  isMaximized = () => this.maximised
  isFullScreen = () => false
  isDestroyed = () => false
  getNormalBounds = () => ({ x: 10, y: 20, width: 1000, height: 700 })
}
