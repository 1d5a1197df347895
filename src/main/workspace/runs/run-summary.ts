import { stat } from 'node:fs/promises'
import type { RunSummary } from '../../../shared/schemas/runs/run-summary'
import { workspacePaths } from '../paths'
import { readAnnotationsOrNone } from './run-annotations'
import { readRun } from './run-folder'

/** A run as it was read, and of which files: as long as they stay the same, so does the row. */
export interface KnownRun {
  /** Of the folder, which changes whenever a file of it is written anew; empty: look again. */
  readonly folder: string
  /** Of results.json and events.jsonl, of which the figures are made. */
  readonly figures: string
  readonly row: RunSummary
}

/** A folder that changed so lately may change once more within the same tick of the file system's clock. */
const SETTLED_MS = 2000

/** What tells one state of a run's folder from another; null where there is no such folder. */
export async function folderStamp(workspace: string, id: string): Promise<string | null> {
  const found = await stat(workspacePaths(workspace).run(id).folder).catch(() => null)
  if (!found?.isDirectory()) return null
  return Date.now() - found.mtimeMs < SETTLED_MS ? '' : String(found.mtimeMs)
}

/** Reads what is short of a run; its figures stay `null`. Throws RUN_UNKNOWN, FILE_INVALID. */
export async function readRunSummary(workspace: string, id: string, folder: string): Promise<KnownRun> {
  const paths = workspacePaths(workspace).run(id)
  const run = await readRun(workspace, id)
  const { name, tags, notes, archived } = await readAnnotationsOrNone(workspace, id)
  const { kind, createdAt, endedAt, state, reason, request, datasets, encoder, backend, companion, app } = run
  return {
    folder,
    figures: `${await fileStamp(paths.results)} ${await fileStamp(paths.events)}`,
    row: {
      id: run.id,
      kind,
      title: name ?? run.title,
      ownTitle: run.title,
      createdAt,
      endedAt,
      state,
      reason,
      request,
      datasets,
      encoder,
      backend,
      companion,
      app,
      tags,
      notes,
      archived,
      tasks: { seen: run.seen.length, unseen: run.unseen.length },
      figures: null,
    },
  }
}

async function fileStamp(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  return found ? `${found.size}:${found.mtimeMs}` : '-'
}
