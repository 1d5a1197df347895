import { setTimeout as sleep } from 'node:timers/promises'
import { HydraError } from '../../../shared/errors'
import { isResumable } from '../../../shared/is-resumable'
import type { RunRecord } from '../../../shared/schemas/run'
import { readRun, updateRun } from '../../workspace/runs/run-folder'
import { askRun, clearRunRequest, type RunAsk } from '../../workspace/runs/run-request'
import { removeTrainingStates } from '../../workspace/runs/training-states'
import { workspaceWriter } from '../../workspace/workspace-lock'
import type { ServiceContext } from '../service-context'
import { withLock } from '../with-lock'

/** Whoever runs a run looks for requests twice a second; a dataset that is being imported is finished first. */
const PATIENCE_MS = 60_000
const LOOK_MS = 100

/** Pauses or cancels a run, in this process or in the one that runs it; resolves when it has stopped. */
export async function stopRun(context: ServiceContext, id: string, ask: RunAsk): Promise<RunRecord> {
  const { workspace, queue } = context
  const run = await readRun(workspace, id)
  const job = queue.runningJob(run.id)
  if (job) {
    if (ask === 'pause') await queue.pause(job.id)
    else await queue.cancel(job.id).then(() => queue.ended(job.id))
    return readRun(workspace, run.id)
  }
  if (run.state === 'running') return stopElsewhere(workspace, run.id, ask)
  if (ask === 'cancel' && isResumable(run)) return giveUp(context, run.id)
  throw new HydraError('RUN_STATE', {
    expected: ask === 'pause' ? 'a run that is running' : 'a run that is running or could be resumed',
    got: `${run.id}, which is ${run.state}`,
    remedy: 'Look at the run: it may have ended.',
    command: 'hydra runs list',
  })
}

async function stopElsewhere(workspace: string, id: string, ask: RunAsk): Promise<RunRecord> {
  await askRun(workspace, id, ask)
  const until = performance.now() + PATIENCE_MS
  while (performance.now() < until) {
    const run = await readRun(workspace, id)
    if (run.state !== 'running') return run
    if (!(await workspaceWriter(workspace))) {
      await clearRunRequest(workspace, id)
      throw stillRunning(id, 'the process that ran it has just ended', 'See what became of it.')
    }
    await sleep(LOOK_MS)
  }
  throw stillRunning(id, 'it has not stopped yet', 'The request stands; look again.')
}

/** Makes a run that waits to be resumed a cancelled one and drops its saved training. */
function giveUp(context: ServiceContext, id: string): Promise<RunRecord> {
  return withLock(context, async () => {
    await removeTrainingStates(context.workspace, id)
    return updateRun(context.workspace, id, { state: 'cancelled', reason: 'Cancelled.' })
  })
}

function stillRunning(id: string, got: string, remedy: string): HydraError {
  return new HydraError('RUN_STATE', {
    expected: `${id} to stop`,
    got,
    remedy,
    command: 'hydra runs list',
  })
}
