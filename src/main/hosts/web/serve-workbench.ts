import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { HydraError } from '../../../shared/errors'
import { openWorkbench, type Workbench } from '../../services/open-workbench'
import { recentFile, recentWorkspaces } from '../../services/system/recent-workspaces'
import { listenForInterrupts } from '../listen-for-interrupts'
import { openBrowser } from './open-browser'
import { openWebHost, type WebHost } from './web-host'

interface Served {
  readonly workbench: Workbench
  readonly host: WebHost
}

/**
 * Opens the workspace and serves the workbench until it is told to stop; resolves to the exit code. A window may ask for another
 * workspace: it is served beside the first one, at an address of its own, for as long.
 */
export async function serveWorkbench(options: {
  readonly workspace: string
  readonly appRoot: string
  readonly port: number
  readonly open: boolean
  announce(started: { readonly url: string; readonly recovered: readonly string[] }): void
}): Promise<number> {
  const { appRoot } = options
  const stopped = new Promise<void>((stop) => listenForInterrupts(stop))
  const recent = recentWorkspaces(recentFile(process.env))
  /** By folder; one that is being opened is waited for. */
  const served = new Map<string, Promise<Served>>()

  function serve(workspace: string, port: number): Promise<Served> {
    const known = served.get(workspace)
    if (known) return known
    const opening = open(workspace, port)
    served.set(workspace, opening)
    // One that cannot be opened may be asked for again.
    opening.catch(() => served.delete(workspace))
    return opening
  }

  async function open(workspace: string, port: number): Promise<Served> {
    const workbench = await openWorkbench({
      workspace,
      appRoot,
      host: 'web',
      mode: 'write',
      now: () => new Date(),
      workspaces: { recent: recent.list, open: openAnother },
    })
    try {
      const host = await openWebHost({
        router: workbench.router,
        workspace,
        token: await workbench.webToken(),
        uploads: { folder: workbench.uploads },
        exportedFile: workbench.exportedFile,
        pageRoot: join(appRoot, 'out', 'renderer'),
        port,
      })
      await recent.opened(workspace)
      return { workbench, host }
    } catch (error) {
      await workbench.close()
      throw error
    }
  }

  async function openAnother(folder: string): Promise<string> {
    await checkFolder(folder)
    return (await serve(resolve(folder), 0)).host.url
  }

  const first = await serve(options.workspace, options.port)
  try {
    options.announce({ url: first.host.url, recovered: first.workbench.recovered })
    if (options.open) openBrowser(first.host.url)
    await stopped
    return 0
  } finally {
    const all = await Promise.allSettled(served.values())
    const open = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    await Promise.all(
      open.map(async ({ host, workbench }) => {
        await host.close()
        await workbench.close()
      }),
    )
  }
}

/** A new workspace is one folder in a folder that is there: a slip of the pen makes no tree of folders. */
async function checkFolder(folder: string): Promise<void> {
  const is = async (path: string) => (await stat(path).catch(() => null))?.isDirectory() ?? null
  const there = isAbsolute(folder) ? await is(folder) : false
  if (there || (there === null && (await is(dirname(resolve(folder)))))) return
  throw new HydraError('WORKSPACE_INVALID', {
    expected: 'the whole path of a folder, or of a new one in a folder that is there',
    got: folder,
    remedy: 'Give its path from the root of this machine on, as a terminal shows it.',
  })
}
