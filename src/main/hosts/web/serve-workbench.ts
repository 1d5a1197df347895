import { join } from 'node:path'
import { openWorkbench } from '../../services/open-workbench'
import { listenForInterrupts } from '../listen-for-interrupts'
import { openBrowser } from './open-browser'
import { openWebHost } from './web-host'

/** Opens the workspace and serves the workbench until it is told to stop; resolves to the exit code. */
export async function serveWorkbench(options: {
  readonly workspace: string
  readonly appRoot: string
  readonly port: number
  readonly open: boolean
  announce(started: { readonly url: string; readonly recovered: readonly string[] }): void
}): Promise<number> {
  const { workspace, appRoot } = options
  const stopped = new Promise<void>((stop) => listenForInterrupts(stop))
  const workbench = await openWorkbench({
    workspace,
    appRoot,
    host: 'web',
    mode: 'write',
    now: () => new Date(),
  })
  try {
    const host = await openWebHost({
      router: workbench.router,
      workspace,
      token: await workbench.webToken(),
      uploads: { folder: workbench.uploads },
      exportedFile: workbench.exportedFile,
      pageRoot: join(appRoot, 'out', 'renderer'),
      port: options.port,
    })
    options.announce({ url: host.url, recovered: workbench.recovered })
    if (options.open) openBrowser(host.url)
    await stopped
    await host.close()
    return 0
  } finally {
    await workbench.close()
  }
}
