import { EventEmitter } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startDesktop } from '../../../src/main/hosts/electron/start-desktop'
import { lockWorkspace, workspaceWriter } from '../../../src/main/workspace/workspace-lock'
import type { Contract } from '../../../src/shared/contract'
import { temporaryFolder } from '../../temporary-folder'
import { waitUntil } from '../../wait-until'

/** What the application asks of Electron, noted; the package itself would start a download. */
const electron = vi.hoisted(() => ({
  app: null as unknown as EventEmitter & Record<string, ReturnType<typeof vi.fn>>,
  ipcMain: null as unknown as EventEmitter,
  protocol: { registerSchemesAsPrivileged: vi.fn(), handle: vi.fn() },
  session: {
    defaultSession: {
      setPermissionRequestHandler: vi.fn(),
      setPermissionCheckHandler: vi.fn(),
      setDevicePermissionHandler: vi.fn(),
    },
  },
  dialog: { showErrorBox: vi.fn() },
  Menu: { buildFromTemplate: vi.fn((template: unknown) => template), setApplicationMenu: vi.fn() },
  nativeTheme: { shouldUseDarkColors: false },
  BrowserWindow: vi.fn(),
}))
vi.mock('electron', () => electron)

interface Contents extends EventEmitter {
  setWindowOpenHandler: ReturnType<typeof vi.fn>
}

let appRoot: string
let loaded: string[]
let preferences: Record<string, unknown>

beforeEach(async () => {
  vi.clearAllMocks()
  loaded = []
  electron.app = Object.assign(new EventEmitter(), {
    requestSingleInstanceLock: vi.fn(() => true),
    whenReady: vi.fn(() => Promise.resolve()),
    quit: vi.fn(),
    exit: vi.fn(),
  }) as never
  electron.ipcMain = new EventEmitter()
  electron.BrowserWindow.mockImplementation(function (
    this: EventEmitter,
    options: { webPreferences: never },
  ) {
    preferences = options.webPreferences
    return Object.assign(new EventEmitter(), {
      show: vi.fn(),
      loadURL: vi.fn(async (url: string) => void loaded.push(url)),
    })
  })
  const folder = await temporaryFolder()
  appRoot = join(folder, 'app')
  await mkdir(join(appRoot, 'out', 'renderer'), { recursive: true })
  await writeFile(join(appRoot, 'package.json'), '{"version":"0.0.1"}')
  await writeFile(join(appRoot, 'out', 'renderer', 'index.html'), '<title>Hydra</title>')
  vi.stubEnv('HYDRA_WORKSPACE', join(folder, 'workspace'))
  onTestFinished(async () => {
    electron.app.emit('before-quit', { preventDefault: () => undefined })
    await waitUntil(async () => (await workspaceWriter(join(folder, 'workspace'))) === null)
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
    expect(loaded).toEqual(['app://workbench/index.html'])
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
    expect(electron.BrowserWindow).not.toHaveBeenCalled()
  })

  it('says who holds the workspace, and ends', async () => {
    const lock = await lockWorkspace(workspace(), 'web', () => new Date())
    await startDesktop(appRoot)
    expect(electron.dialog.showErrorBox.mock.calls[0][1]).toContain(String(process.pid))
    expect(electron.app.exit).toHaveBeenCalledWith(1)
    expect(electron.BrowserWindow).not.toHaveBeenCalled()
    lock.release()
  })

  it('denies permissions, windows and every page but its own', async () => {
    await startDesktop(appRoot)
    const answer = vi.fn()
    electron.session.defaultSession.setPermissionRequestHandler.mock.calls[0][0]({}, 'media', answer)
    expect(answer).toHaveBeenCalledWith(false)
    const check = electron.session.defaultSession.setPermissionCheckHandler.mock.calls[0][0]
    expect(check({}, 'media')).toBe(false)
    expect(check({}, 'notifications')).toBe(true)
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
