import { openWorkbench } from '../../services/open-workbench'
import type { ServedOptions } from '../../services/serving/serving'
import { listenForInterrupts } from '../listen-for-interrupts'
import { openApiAdmission, openApiHost } from './api-host'
import { openApiMetrics } from './api-metrics'
import { readApiToken } from './api-token'

/** What is said once at the start. */
export interface ApiStarted {
  readonly url: string
  readonly run: string | null
  readonly encoder: string
  /** Drawn for this start; null where one was given, which is never shown. */
  readonly token: string | null
  readonly recovered: readonly string[]
}

/** Serves a workspace to programs until it is told to stop; resolves to the exit code. Reads only: it works beside any writer. */
export async function serveApi(
  options: Omit<ServedOptions, 'onCall'> & {
    readonly workspace: string
    readonly appRoot: string
    readonly environment: Readonly<Record<string, string | undefined>>
    readonly tokenFile: string | undefined
    readonly address: string
    readonly port: number
    /** Requests that are answered at once. */
    readonly requests: number | undefined
    announce(started: ApiStarted): void
    fault(line: string): void
  },
): Promise<number> {
  const { workspace, appRoot, environment, tokenFile, address, port, announce, fault } = options
  const stopped = new Promise<void>((stop) => listenForInterrupts(stop))
  const { token, drawn } = await readApiToken({ file: tokenFile, environment })
  const workbench = await openWorkbench({
    workspace,
    appRoot,
    host: 'api',
    mode: 'read',
    now: () => new Date(),
  })
  try {
    const limits = { requests: options.requests }
    const admission = openApiAdmission(limits)
    const metrics = openApiMetrics(() => ({
      requests: admission.requests,
      texts: serving.texts.waiting + serving.texts.called,
    }))
    const { run, encoder, collection } = options
    const serving = await workbench.serving({ run, encoder, collection, onCall: metrics.called })
    const host = await openApiHost({
      serving,
      metrics,
      admission,
      version: workbench.version,
      token,
      address,
      port,
      limits,
      fault,
    })
    try {
      await Promise.race([serving.warm(), stopped])
      announce({
        url: host.url,
        run: serving.run,
        encoder: serving.encoder,
        token: drawn ? token : null,
        recovered: workbench.recovered,
      })
      await stopped
      return 0
    } finally {
      await host.close()
    }
  } finally {
    await workbench.close()
  }
}
