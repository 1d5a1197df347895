import { EventEmitter } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import type { BrowserWindow, MenuItemConstructorOptions } from 'electron'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { type MenuCommands, menuTemplate } from '../../../src/main/hosts/electron/application-menu'
import type { OpenWorkspace } from '../../../src/main/hosts/electron/open-workspace'
import { quitWithCare } from '../../../src/main/hosts/electron/quit-with-care'
import { startDesktop } from '../../../src/main/hosts/electron/start-desktop'
import { lockWorkspace, workspaceWriter } from '../../../src/main/workspace/workspace-lock'
import type { Contract } from '../../../src/shared/contract'
import { temporaryFolder } from '../../temporary-folder'
import { waitUntil } from '../../wait-until'
import { FakeWindow, fakeApp } from './fake-electron'

const electron = await vi.hoisted(async () => (await import('./fake-electron')).fakeElectron())
vi.mock('electron', () => electron)

interface Contents extends EventEmitter {
  setWindowOpenHandler: ReturnType<typeof vi.fn>
}

let appRoot: string
let folder: string
let window: FakeWindow
let opened: FakeWindow[]

beforeEach(async () => {
  vi.clearAllMocks()
  folder = await temporaryFolder()
  electron.app = fakeApp(folder)
  electron.ipcMain = new EventEmitter()
  electron.session.defaultSession.removeAllListeners()
  opened = []
  electron.BrowserWindow = class extends FakeWindow {
    constructor(options: Record<string, unknown>) {
      super(options)
      window = this
      opened.push(this)
    }
  }
  appRoot = join(folder, 'app')
  await mkdir(join(appRoot, 'out', 'renderer'), { recursive: true })
  await writeFile(join(appRoot, 'package.json'), '{"version":"0.0.1"}')
  await writeFile(join(appRoot, 'out', 'renderer', 'index.html'), '<title>Hydra</title>')
  vi.stubEnv('HYDRA_WORKSPACE', join(folder, 'workspace'))
  onTestFinished(async () => {
    electron.app.emit('before-quit', { preventDefault: () => undefined })
    await waitUntil(async () => (await workspaceWriter(join(folder, 'workspace'))) === null)
    electron.app.emit('will-quit')
    for (const one of opened) one.emit('closed')
    vi.unstubAllEnvs()
  })
})

const workspace = () => process.env.HYDRA_WORKSPACE as string

/** A page that hands over a port, as the preload script does. */
function connect(address: string, options: { subframe?: boolean } = {}) {
  const { port1, port2 } = new MessageChannel()
  const main = Object.assign(port2, { start: vi.fn(port2.start.bind(port2)) })
  onTestFinished(() => port1.close())
  const frame = { url: address }
  electron.ipcMain.emit('hydra:connect', {
    // Electron's own port emits { data }; Node's has addEventListener, which the handler takes as well.
    ports: [main],
    senderFrame: frame,
    sender: { mainFrame: options.subframe ? {} : frame },
  })
  const link = new RPCLink({ port: port1 as unknown as ConstructorParameters<typeof RPCLink>[0]['port'] })
  port1.start()
  return { port: port1, client: createORPCClient<ContractRouterClient<Contract>>(link) }
}

describe('startDesktop', () => {
  it('opens a sandboxed window on its own scheme', async () => {
    await startDesktop(appRoot)
    expect(window.loaded).toEqual(['app://workbench/index.html#/'])
    const preferences = window.options.webPreferences as Record<string, unknown>
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    })
    expect(preferences.preload).toBe(join(appRoot, 'out', 'preload', 'index.cjs'))
    expect(await workspaceWriter(workspace())).toMatchObject({ host: 'electron', pid: process.pid })
  })

  it('gives way to an instance that runs already', async () => {
    electron.app.requestSingleInstanceLock.mockReturnValue(false)
    await startDesktop(appRoot)
    expect(electron.app.quit).toHaveBeenCalled()
    expect(opened).toEqual([])
  })

  it('says who holds the workspace, and ends', async () => {
    const lock = await lockWorkspace(workspace(), 'web', () => new Date())
    await startDesktop(appRoot)
    expect(electron.dialog.showErrorBox.mock.calls[0][1]).toContain(String(process.pid))
    expect(electron.app.exit).toHaveBeenCalledWith(1)
    expect(opened).toEqual([])
    lock.release()
  })

  it('denies permissions, windows and every page but its own', async () => {
    await startDesktop(appRoot)
    const asked = (permission: string, requestingUrl: string) => {
      const answer = vi.fn()
      const [ask] = electron.session.defaultSession.setPermissionRequestHandler.mock.calls[0]
      ask({}, permission, answer, { requestingUrl })
      return answer.mock.calls[0][0]
    }
    const [check] = electron.session.defaultSession.setPermissionCheckHandler.mock.calls[0]
    expect(asked('media', 'app://workbench/index.html')).toBe(false)
    expect(asked('notifications', 'https://example.org/')).toBe(false)
    expect(asked('notifications', 'app://workbench/index.html')).toBe(true)
    expect(check({}, 'media', 'app://workbench')).toBe(false)
    expect(check({}, 'notifications', 'app://workbench/')).toBe(true)
    expect(check({}, 'notifications', 'app://workbench.example.org')).toBe(false)
    const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn() }) as Contents
    electron.app.emit('web-contents-created', {}, contents)
    expect(contents.setWindowOpenHandler.mock.calls[0][0]({ url: 'https://example.org' })).toEqual({
      action: 'deny',
    })
    const prevented = (name: string, url: string) => {
      const event = { url, preventDefault: vi.fn() }
      contents.emit(name, event)
      return event.preventDefault.mock.calls.length > 0
    }
    expect(prevented('will-navigate', 'https://example.org/')).toBe(true)
    expect(prevented('will-navigate', 'app://workbench.example.org/')).toBe(true)
    expect(prevented('will-navigate', 'app://workbench/index.html')).toBe(false)
    expect(prevented('will-attach-webview', 'app://workbench/')).toBe(true)
  })

  it('serves the built page with its policy, and nothing beside it', async () => {
    await startDesktop(appRoot)
    const [scheme, handle] = electron.protocol.handle.mock.calls[0]
    expect(scheme).toBe('app')
    const page: Response = await handle(new Request('app://workbench/index.html'))
    expect(await page.text()).toBe('<title>Hydra</title>')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    for (const address of [
      'app://workbench/%2e%2e/%2e%2e/package.json',
      'app://elsewhere/index.html',
      'app://workbench/x.js',
    ]) {
      expect((await handle(new Request(address))).status).toBe(404)
    }
  })

  it('speaks the contract with its own page', async () => {
    await startDesktop(appRoot)
    const { client } = connect('app://workbench/index.html')
    expect(await client.runs.list()).toEqual([])
    await expect(client.runs.show({ id: 'x' })).rejects.toMatchObject({ data: { code: 'RUN_UNKNOWN' } })
  })

  it.each([
    ['another page', 'https://example.org/', {}],
    ['a page whose name begins alike', 'app://workbench.example.org/', {}],
    ['a frame inside the page', 'app://workbench/index.html', { subframe: true }],
  ])('closes the port that %s sends', async (_, address, options) => {
    await startDesktop(appRoot)
    const { port } = connect(address, options)
    await new Promise((closed) => port.once('close', closed))
  })
})

/** What the menu's item does. */
function choose(label: string): void {
  const [template] = electron.Menu.setApplicationMenu.mock.calls.at(-1) as [MenuItemConstructorOptions[]]
  const items = template.flatMap(({ submenu }) => (submenu ?? []) as MenuItemConstructorOptions[])
  items.find((item) => item.label === label)?.click?.(null as never, undefined, null as never)
}

describe('the window', () => {
  it('is shown when the page has drawn itself in its own theme', async () => {
    await startDesktop(appRoot)
    window.emit('ready-to-show')
    expect(window.visible).toBe(false)
    window.webContents.emit('did-change-theme-color', {}, '#121316')
    expect(window.setBackgroundColor).toHaveBeenCalledWith('#121316')
    expect(window.visible).toBe(true)
  })

  it('opens where it was, as it was', async () => {
    await startDesktop(appRoot)
    window.maximised = true
    window.emit('close', { preventDefault: () => undefined })
    const kept = JSON.parse(await readFile(join(folder, 'userData', 'desktop.json'), 'utf8'))
    expect(kept.window).toEqual({
      x: 10,
      y: 20,
      width: 1000,
      height: 700,
      maximised: true,
      fullScreen: false,
    })
    electron.app.emit('before-quit', { preventDefault: () => undefined })
    await waitUntil(() => electron.app.quit.mock.calls.length > 1)
    await startDesktop(appRoot)
    expect(window.options).toMatchObject({ x: 10, y: 20, width: 1000, height: 700 })
    window.emit('ready-to-show')
    window.webContents.emit('did-change-theme-color', {}, '#ffffff')
    expect(window.maximised).toBe(true)
  })

  it('shows a page that needs no file when its own is gone', async () => {
    await startDesktop(appRoot)
    window.webContents.emit('render-process-gone', {}, { reason: 'oom', exitCode: 5 })
    await waitUntil(() => window.loaded.length > 1)
    expect(decodeURIComponent(window.loaded[1])).toContain('oom')
    expect(decodeURIComponent(window.loaded[1])).toContain(workspace())
    // A load that another one overtook, and a frame's, are no fault of the page.
    window.webContents.emit('did-fail-load', {}, -3, 'ERR_ABORTED', 'app://workbench/index.html', true)
    window.webContents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'app://workbench/x', false)
    window.webContents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'app://workbench/index.html', true)
    await waitUntil(() => window.loaded.length > 2)
    expect(window.loaded.length).toBe(3)
  })
})

describe('a card file', () => {
  const route = (file: string) => `/cards?import=${encodeURIComponent(file)}`

  it('that a second start names is shown by the first', async () => {
    await startDesktop(appRoot)
    electron.app.emit('second-instance', {}, ['hydra', '--flag', 'find.hydracard'], folder)
    expect(window.webContents.send).toHaveBeenCalledWith(
      'hydra:go',
      route(join(folder, 'find.hydracard')),
      false,
    )
    window.webContents.send.mockClear()
    window.visible = false
    electron.app.emit('second-instance', {}, ['hydra'], folder)
    expect(window.webContents.send).not.toHaveBeenCalled()
    expect(window.visible).toBe(true)
  })

  it('that macOS opens before and after the window is there', async () => {
    const opened = { preventDefault: vi.fn() }
    electron.app.whenReady.mockImplementation(async () => {
      electron.app.emit('open-file', opened, '/a/one.hydracard')
    })
    await startDesktop(appRoot)
    expect(window.loaded[0]).toBe(`app://workbench/index.html#${route('/a/one.hydracard')}`)
    electron.app.emit('open-file', opened, '/a/two.hydracard')
    electron.app.emit('open-file', opened, '/a/three.txt')
    expect(window.webContents.send.mock.calls).toEqual([['hydra:go', route('/a/two.hydracard'), false]])
    expect(opened.preventDefault).toHaveBeenCalledTimes(3)
  })

  it('is chosen in the menu', async () => {
    await startDesktop(appRoot)
    electron.dialog.showOpenDialog.mockResolvedValue({ canceled: false, filePaths: ['/a/card.yaml'] })
    choose('Import Card…')
    await waitUntil(() => window.webContents.send.mock.calls.length > 0)
    expect(window.webContents.send).toHaveBeenCalledWith('hydra:go', route('/a/card.yaml'), false)
  })
})

describe('another workspace', () => {
  const other = () => join(folder, 'other')
  const openOther = () => {
    electron.dialog.showOpenDialog.mockResolvedValue({ canceled: false, filePaths: [other()] })
    choose('Open Workspace…')
    return waitUntil(() => window.webContents.send.mock.calls.length > 0)
  }

  it('takes the place of the present one, and the page is loaded again', async () => {
    await startDesktop(appRoot)
    await openOther()
    expect(window.webContents.send).toHaveBeenCalledWith('hydra:go', '/', true)
    expect(await workspaceWriter(workspace())).toBeNull()
    expect(await workspaceWriter(other())).toMatchObject({ host: 'electron' })
    const { client } = connect('app://workbench/index.html')
    expect((await client.system.workspace()).folder).toBe(other())
    const menu = JSON.stringify(electron.Menu.setApplicationMenu.mock.calls.at(-1))
    expect(menu).toContain(JSON.stringify(workspace()))
    electron.app.emit('before-quit', { preventDefault: () => undefined })
    await waitUntil(async () => (await workspaceWriter(other())) === null)
  })

  it('that cannot be opened leaves the present one open, and says why', async () => {
    await startDesktop(appRoot)
    const lock = await lockWorkspace(other(), 'web', () => new Date())
    await openOther()
    expect(electron.dialog.showErrorBox).toHaveBeenCalledTimes(1)
    expect(await workspaceWriter(workspace())).toMatchObject({ host: 'electron' })
    lock.release()
  })
})

describe('leaving', () => {
  it('quits without a word when nothing runs, from the window too', async () => {
    await startDesktop(appRoot)
    const close = { preventDefault: vi.fn() }
    window.emit('close', close)
    // Electron asks the window to stay and quits by the one way there is.
    expect(close.preventDefault).toHaveBeenCalled()
    expect(electron.app.quit).toHaveBeenCalledTimes(1)
    electron.app.emit('before-quit', { preventDefault: vi.fn() })
    await waitUntil(() => electron.app.quit.mock.calls.length > 1)
    expect(electron.dialog.showMessageBox).not.toHaveBeenCalled()
    expect(await workspaceWriter(workspace())).toBeNull()
    const last = { preventDefault: vi.fn() }
    electron.app.emit('before-quit', last)
    expect(last.preventDefault).not.toHaveBeenCalled()
  })

  /** A workspace in which one training runs until `ended`. */
  function running(answer: number) {
    electron.dialog.showMessageBox.mockResolvedValue({ response: answer })
    electron.notified.length = 0
    const job = { id: 'a', kind: 'train', title: 'Training a', state: 'running' }
    let ended = () => {}
    const end = new Promise<void>((done) => {
      ended = () => {
        job.state = 'done'
        done()
      }
    })
    const close = vi.fn(async () => {})
    const workspace = {
      client: {
        jobs: {
          list: async () => [job],
          changes: async () =>
            (async function* () {
              await end
              yield job
            })(),
        },
      },
      close,
    }
    const shown = new FakeWindow({})
    shown.show()
    quitWithCare(workspace as unknown as OpenWorkspace, shown as unknown as BrowserWindow)
    onTestFinished(() => void electron.app.emit('will-quit'))
    return { shown, close, ended, quit: () => electron.app.emit('before-quit', { preventDefault: vi.fn() }) }
  }
  const STOP = 0
  const BACKGROUND = 1
  const STAY = 2
  const asked = (times: number) => waitUntil(() => electron.dialog.showMessageBox.mock.calls.length === times)

  it('asks while a training runs, once at a time, and stays where one stays', async () => {
    const { quit, close, shown } = running(STAY)
    quit()
    quit()
    await asked(1)
    await new Promise((turn) => setTimeout(turn, 20))
    expect(electron.dialog.showMessageBox).toHaveBeenCalledTimes(1)
    expect(close).not.toHaveBeenCalled()
    expect(shown.visible).toBe(true)
    electron.dialog.showMessageBox.mockResolvedValue({ response: STOP })
    quit()
    await waitUntil(() => electron.app.quit.mock.calls.length > 0)
    expect(close).toHaveBeenCalledTimes(1)
  })

  it('finishes in the background, says so and quits', async () => {
    const { quit, close, shown, ended } = running(BACKGROUND)
    quit()
    await waitUntil(() => !shown.visible)
    expect(close).not.toHaveBeenCalled()
    ended()
    await waitUntil(() => electron.app.quit.mock.calls.length > 0)
    expect(close).toHaveBeenCalledTimes(1)
    expect(electron.notified).toEqual(['Training a has ended.'])
  })

  it('does not quit behind a window that was opened again, and asks again', async () => {
    const { quit, close, shown, ended } = running(BACKGROUND)
    quit()
    await waitUntil(() => !shown.visible)
    quit()
    await asked(2)
    shown.show()
    ended()
    await new Promise((turn) => setTimeout(turn, 20))
    expect(close).not.toHaveBeenCalled()
  })

  it('pauses and asks nobody when the system ends the process', async () => {
    const { close } = running(STAY)
    process.emit('SIGTERM')
    await waitUntil(() => electron.app.quit.mock.calls.length > 0)
    expect(close).toHaveBeenCalledTimes(1)
    expect(electron.dialog.showMessageBox).not.toHaveBeenCalled()
  })
})

describe('the menu', () => {
  it('leads to every page of the rail, in its order', async () => {
    await startDesktop(appRoot)
    const rail = await readFile(
      join(import.meta.dirname, '../../../src/renderer/app/navigation-rail.vue'),
      'utf8',
    )
    const pages = [...rail.matchAll(/\{ to: '([^']+)', title: '([^']+)'/g)].map(([, to, title]) => ({
      to,
      title,
    }))
    expect(pages.length).toBeGreaterThan(3)
    for (const { title } of pages) choose(title)
    expect(window.webContents.send.mock.calls.map(([, route]) => route)).toEqual(pages.map(({ to }) => to))
  })

  it('gives each accelerator to one item', async () => {
    await startDesktop(appRoot)
    for (const platform of ['darwin', 'win32', 'linux'] as const) {
      const template = menuTemplate(platform, {} as MenuCommands, [])
      const keys = template
        .flatMap(({ submenu }) => (submenu ?? []) as MenuItemConstructorOptions[])
        .flatMap(({ accelerator }) => accelerator ?? [])
      expect(keys.length).toBeGreaterThan(5)
      expect(new Set(keys).size).toBe(keys.length)
    }
  })
})
