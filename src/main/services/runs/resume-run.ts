import { HydraError } from '../../../shared/errors'
import { isResumable } from '../../../shared/is-resumable'
import { holdOutSchema, type RunRecord } from '../../../shared/schemas/run'
import { readRun, updateRun } from '../../workspace/runs/run-folder'
import { requireDataset } from '../require-dataset'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { startDemo } from '../start-demo'
import { startJob } from '../start-job'

/**
 * Starts the work of a run again: what is encoded and trained is taken from the workspace, the rest is done.
 * @param sweep id of the sweep with whose jobs it may run at once
 */
export async function resumeRun(
  context: ServiceContext,
  id: string,
  sweep?: string,
): Promise<{ job: string; runs: string[] }> {
  requireWriter(context)
  const { workspace } = context
  const run = await readRun(workspace, id)
  if (!isResumable(run) || context.queue.runningJob(run.id)) throw notResumable(run)
  const together = run.companion ? [run, await readCompanion(workspace, run, run.companion)] : [run]
  for (const one of together) await requireSameData(workspace, one)
  const open = together.filter(isResumable)
  for (const one of open)
    await updateRun(workspace, one.id, { state: 'running', reason: null, endedAt: null })
  const runs = open.map((one) => one.id)
  if (run.kind === 'train') {
    return startJob(context, { kind: 'train', title: run.title, runs, together: sweep }, 'train', {
      run: run.id,
    })
  }
  const [main, beside] = together.toSorted((a, b) => strictness(a) - strictness(b))
  return startDemo(context, main, beside)
}

/** Both runs of a demo are one job; where one of them was deleted there is no such job any more. */
async function readCompanion(workspace: string, run: RunRecord, id: string): Promise<RunRecord> {
  return readRun(workspace, id).catch((error: unknown) => {
    if (!(error instanceof HydraError) || error.code !== 'RUN_UNKNOWN') throw error
    throw new HydraError('RUN_STATE', {
      expected: `the run ${id}, which is trained together with ${run.id}`,
      got: 'no run of that id: it was deleted',
      remedy: 'Restore it, or train anew.',
      command: `hydra runs restore ${id}`,
    })
  })
}

/** The smaller the stricter. */
function strictness({ request }: RunRecord): number {
  return holdOutSchema.options.indexOf(request.holdOut)
}

/** Weights half trained on other texts than the rest would be nobody's result. */
async function requireSameData(workspace: string, run: RunRecord): Promise<void> {
  for (const { id, sha256 } of run.datasets) {
    const now = await requireDataset(workspace, id)
    if (now.sha256 === sha256) continue
    throw new HydraError('RUN_STATE', {
      expected: `the dataset ${id} as ${run.id} began with it (${sha256.slice(0, 12)})`,
      got: now.sha256.slice(0, 12),
      remedy: 'Train anew.',
      command: 'hydra train --tasks TASKS',
    })
  }
}

function notResumable(run: RunRecord): HydraError {
  return new HydraError('RUN_STATE', {
    expected: 'a training that was paused, interrupted or has failed',
    got: `${run.id}, ${run.kind === 'frozen' ? 'which trains nothing' : `which is ${run.state}`}`,
    remedy: 'Look at the run, or choose another one.',
    command: 'hydra runs list',
  })
}
