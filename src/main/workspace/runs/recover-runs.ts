import { readdir, rm, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { isResumable } from '../../../shared/is-resumable'
import { INCOMING_PREFIX } from '../../../shared/schemas/dataset'
import type { JobEvent } from '../../../shared/schemas/job'
import type { RunRecord } from '../../../shared/schemas/run'
import { TEMPORARY_FILE } from '../../files/atomic-write'
import { isProcessAlive } from '../../files/process-identity'
import { purgeDeletedDatasets } from '../deleted-datasets'
import { workspacePaths } from '../paths'
import { emptyOldDeletedRuns } from './deleted-runs'
import { readEvents } from './run-events'
import { listRunningRuns, updateRun } from './run-folder'
import { clearRunRequest } from './run-request'
import { listTrainingStates } from './training-states'

/** Temporary files that don't name their writer are left alone for this long: a reader may be filling the cache. */
const UNSIGNED_TEMPORARY_MS = 60 * 60_000

/**
 * Called by a process that holds the lock, before it starts anything: no run can be running then, so what says so was
 * cut off. Such runs become `interrupted` with a reason that says what was lost; half-done imports and temporary files
 * go. Returns a sentence per run.
 */
export async function recoverRuns(workspace: string, now: () => Date): Promise<string[]> {
  const recovered: string[] = []
  for (const run of await listRunningRuns(workspace)) {
    const events = await readEvents(workspace, run.id)
    const reason = await whatWasLost(workspace, run, events)
    const last = events.at(-1)
    await updateRun(workspace, run.id, {
      state: 'interrupted',
      reason,
      endedAt: (last ? new Date(last.at) : now()).toISOString(),
    })
    await clearRunRequest(workspace, run.id)
    // Run files are written beside their place until all are there.
    await rm(join(workspacePaths(workspace).run(run.id).folder, 'trec', '.partial'), {
      recursive: true,
      force: true,
    })
    recovered.push(`${run.id}: ${reason}`)
  }
  await removeLeftovers(workspace, now())
  await emptyOldDeletedRuns(workspace, now())
  return recovered
}

async function whatWasLost(workspace: string, run: RunRecord, events: readonly JobEvent[]): Promise<string> {
  const paths = workspacePaths(workspace).run(run.id)
  const step = events.findLast((event) => event.type === 'loss')
  const phase = events.findLast((event) => event.type === 'progress')
  const states = await listTrainingStates(workspace, run.id)
  const checkpoints = (await readdir(paths.checkpoints).catch(() => [])).filter(
    (name) => name.endsWith('.safetensors') && !states.some(({ path }) => path.endsWith(`${sep}${name}`)),
  )
  const halfTrained = states.filter(({ kind }) => kind === 'last').map(({ system }) => system)
  const hasResults = (await stat(paths.results).catch(() => null)) !== null
  const seen =
    step?.type === 'loss'
      ? `Last seen: ${step.arm}, step ${step.step} of ${step.steps}.`
      : phase?.type === 'progress'
        ? `Last seen: ${phase.progress.phase}.`
        : 'It had not begun.'
  const kept = [
    ...checkpoints.sort(),
    ...(halfTrained.length > 0 ? [`the training of ${halfTrained.sort().join(' and ')} so far`] : []),
    ...(hasResults ? ['results.json'] : []),
  ]
  const what =
    kept.length > 0 ? `Kept: ${kept.join(', ')}.` : 'No checkpoint was written, so its training begins anew.'
  const then = isResumable({ kind: run.kind, state: 'interrupted' })
    ? 'It can be resumed.'
    : 'Start it again.'
  return `The process that ran it ended without finishing it (killed, crashed or switched off). ${seen} ${what} ${hasResults ? '' : then}`.trim()
}

async function removeLeftovers(workspace: string, now: Date): Promise<void> {
  const paths = workspacePaths(workspace)
  await purgeDeletedDatasets(workspace)
  await rm(paths.uploads, { recursive: true, force: true })
  for (const name of await readdir(paths.datasets).catch(() => [])) {
    if (name.startsWith(INCOMING_PREFIX))
      await rm(join(paths.datasets, name), { recursive: true, force: true })
  }
  for (const folder of [paths.root, paths.cards, paths.datasets, paths.runs, paths.cache, paths.models]) {
    // Of the root only its own files: the folders below it are named here.
    await removeTemporaries(folder, folder !== paths.root, now)
  }
}

async function removeTemporaries(folder: string, recursive: boolean, now: Date): Promise<void> {
  const entries = await readdir(folder, { recursive, withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    if (!entry.name.endsWith('.tmp')) continue
    const path = join(entry.parentPath, entry.name)
    const writer = TEMPORARY_FILE.exec(entry.name)?.[1]
    const abandoned = writer
      ? !isProcessAlive(Number(writer))
      : now.getTime() - (await stat(path).catch(() => ({ mtimeMs: now.getTime() }))).mtimeMs >
        UNSIGNED_TEMPORARY_MS
    // A folder is an export that was being written.
    if (abandoned) await rm(path, { recursive: true, force: true })
  }
}
