import { purgeDeletedDatasets } from '../workspace/deleted-datasets'
import { workspacePaths } from '../workspace/paths'
import { exportedFile } from '../workspace/runs/exported-files'
import { recoverRuns } from '../workspace/runs/recover-runs'
import { listRunningRuns } from '../workspace/runs/run-folder'
import { webToken } from '../workspace/web-token'
import { lockWorkspace, type WorkspaceLock, workspaceWriter } from '../workspace/workspace-lock'
import { createServices, type ServiceOptions, type ServiceRouter } from './create-services'
import { listRegistries } from './list-registries'
import type { ServedOptions, Serving } from './serving/serving'
import { hostLog } from './system/host-log'

export interface Workbench {
  readonly router: ServiceRouter
  readonly version: string
  /** A sentence per run that a crash had cut off and that was set right now. */
  readonly recovered: readonly string[]
  /** Where a host puts files that a browser sends; an import takes them from there and deletes them. */
  readonly uploads: string
  /** What opens the web host's line, kept in the workspace; only for who opened it to write. */
  webToken(): Promise<string>
  /** Where an exported file of a run lies. @throws FILE_MISSING */
  exportedFile(run: string, file: string): Promise<string>
  /** What programs are answered with over HTTP. @throws RUN_UNKNOWN, DATASET_UNKNOWN */
  serving(served: ServedOptions): Promise<Serving>
  /** Cancels what runs, waits for it, and gives the workspace back. */
  close(): Promise<void>
}

/** Opens a workspace for a host: takes the lock (to write), sets right what a crash left behind, starts the services. */
export async function openWorkbench(options: ServiceOptions): Promise<Workbench> {
  const { workspace, host, mode, now } = options
  const lock = mode === 'write' ? await lockWorkspace(workspace, host, now) : null
  try {
    const recovered = lock ? await recoverRuns(workspace, now) : await recoverInPassing(options)
    if (host === 'electron' || host === 'web') await loadRegistries()
    const services = await createServices(options)
    for (const sentence of recovered) hostLog.add('warning', sentence)
    return {
      router: services.router,
      version: services.version,
      recovered,
      uploads: workspacePaths(workspace).uploads,
      webToken: () => webToken(workspace),
      exportedFile: (run, file) => exportedFile(workspace, run, file),
      serving: services.serving,
      async close() {
        await services.close()
        if (lock) await purgeDeletedDatasets(workspace)
        lock?.release()
      },
    }
  } catch (error) {
    lock?.release()
    throw error
  }
}

/**
 * The registries, and TensorFlow.js with them: loading takes half a second in which a host answers nobody, so a window's host
 * does it before it has anybody to answer. The terminal loads what a command needs.
 */
async function loadRegistries(): Promise<void> {
  await listRegistries()
  await import('../engine/training/recipes/check-recipe')
}

/**
 * A reader that finds a run cut off, and nobody who writes, sets it right on the way: else a list would show as running
 * what no longer runs. A folder that may not be written stays as it is.
 */
async function recoverInPassing({ workspace, host, now }: ServiceOptions): Promise<string[]> {
  if ((await listRunningRuns(workspace)).length === 0) return []
  if (await workspaceWriter(workspace)) return []
  let lock: WorkspaceLock | null = null
  try {
    lock = await lockWorkspace(workspace, host, now)
    return await recoverRuns(workspace, now)
  } catch {
    return []
  } finally {
    lock?.release()
  }
}
