import { HydraError } from '../../../shared/errors'
import type { DeletedRun } from '../../../shared/schemas/runs/annotations'
import {
  deleteRun,
  emptyOldDeletedRuns,
  isDeleted,
  listDeletedRuns,
  restoreRun,
} from '../../workspace/runs/deleted-runs'
import { readRun } from '../../workspace/runs/run-folder'
import type { ServiceContext } from '../service-context'
import { withLock } from '../with-lock'

/** Puts runs aside; all are looked at before the first is touched. Throws RUN_UNKNOWN, and RUN_STATE for one that runs. */
export async function deleteRuns(context: ServiceContext, ids: readonly string[]): Promise<DeletedRun[]> {
  const { workspace, now } = context
  await withLock(context, async () => {
    const open: string[] = []
    for (const id of new Set(ids)) {
      if (await isDeleted(workspace, id)) continue
      const run = await readRun(workspace, id)
      if (run.state === 'running' || context.queue.runningJob(run.id)) throw stillRunning(run.id)
      open.push(run.id)
    }
    for (const id of open) await deleteRun(workspace, id, now())
    await emptyOldDeletedRuns(workspace, now())
  })
  return (await listDeletedRuns(workspace)).filter(({ id }) => ids.includes(id))
}

/** Puts them back where they were. Throws RUN_UNKNOWN for one that is gone for good. */
export async function restoreRuns(context: ServiceContext, ids: readonly string[]): Promise<void> {
  await withLock(context, async () => {
    for (const id of ids) await restoreRun(context.workspace, id)
  })
}

function stillRunning(id: string): HydraError {
  return new HydraError('RUN_STATE', {
    expected: 'runs that have ended, or wait to be resumed',
    got: `${id}, which is running`,
    remedy: 'Cancel or pause it first.',
    command: `hydra runs cancel ${id}`,
  })
}
