import { mkdir, readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import { type RunRecord, runSchema } from '../../../shared/schemas/run'
import { readJson, writeJsonAtomic } from '../../files/atomic-write'
import { inTurn } from '../in-turn'
import { isSafeId, workspacePaths } from '../paths'
import { storedRunSchema } from './stored-run'

/** What the caller knows of a run before it starts; the rest is filled here. */
export type RunDraft = Omit<
  RunRecord,
  'version' | 'id' | 'createdAt' | 'endedAt' | 'state' | 'reason' | 'notes' | 'weights'
>

/**
 * Makes `runs/<id>/run.json` in state `running`. The id is `YYYYMMDD-HHMMSS-<slug>-s<seed>` (local time, so that it
 * sorts and reads like the wall clock), with `-2`, `-3` … where two start within a second.
 */
export async function createRun(
  workspace: string,
  draft: RunDraft,
  slug: string,
  now: Date,
): Promise<RunRecord> {
  const paths = workspacePaths(workspace)
  await mkdir(paths.runs, { recursive: true })
  const stem = `${timestamp(now)}-${slugify(slug)}-s${draft.request.seed}`
  for (let attempt = 1; ; attempt++) {
    const id = attempt === 1 ? stem : `${stem}-${attempt}`
    try {
      await mkdir(paths.run(id).folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw error
    }
    const record: RunRecord = {
      version: 1,
      id,
      createdAt: now.toISOString(),
      endedAt: null,
      state: 'running',
      reason: null,
      notes: [],
      weights: {},
      ...draft,
    }
    await writeJsonAtomic(paths.run(id).record, runSchema.parse(record))
    return record
  }
}

export async function readRun(workspace: string, id: string): Promise<RunRecord> {
  if (!isSafeId(id)) throw unknownRun(id)
  try {
    return await readJson(workspacePaths(workspace).run(id).record, storedRunSchema)
  } catch (error) {
    if (error instanceof HydraError && error.code === 'FILE_MISSING') throw unknownRun(id)
    throw error
  }
}

/** Run folders read at once: what one turn of the event loop may have to parse. */
const AT_ONCE = 32

/** Names of folders that may be runs, newest first. */
export async function listRunFolders(workspace: string): Promise<string[]> {
  const names = await readdir(workspacePaths(workspace).runs).catch(() => [])
  return names.filter(isSafeId).sort().reverse()
}

/** Newest first. Folders without a readable run.json are no runs and are left alone. */
export function listRuns(workspace: string): Promise<RunRecord[]> {
  return readRuns(workspace, async () => true)
}

/** Those whose record says that they run. Of the others, which may be thousands, only the text is looked at. */
export function listRunningRuns(workspace: string): Promise<RunRecord[]> {
  return readRuns(workspace, async (id) => {
    const text = await readFile(workspacePaths(workspace).run(id).record, 'utf8').catch(() => '')
    return /"state"\s*:\s*"running"/.test(text)
  }).then((runs) => runs.filter(({ state }) => state === 'running'))
}

async function readRuns(workspace: string, counts: (id: string) => Promise<boolean>): Promise<RunRecord[]> {
  const names = await listRunFolders(workspace)
  const runs: RunRecord[] = []
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const read = names
      .slice(from, from + AT_ONCE)
      .map(async (id) => ((await counts(id)) ? readRun(workspace, id).catch(() => null) : null))
    runs.push(...(await Promise.all(read)).filter((run) => run !== null))
  }
  return runs.sort((a, b) => compareText(b.createdAt, a.createdAt) || compareText(b.id, a.id))
}

/** Times and ids are plain letters: without the words of a language it is a hundred times quicker. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * Changes fields of run.json; updates from one process follow one another, so none is lost. The other fields stay on disk as
 * they were written, also by an earlier version.
 */
export function updateRun(
  workspace: string,
  id: string,
  change: Partial<RunRecord> | ((run: RunRecord) => Partial<RunRecord>),
): Promise<RunRecord> {
  return inTurn(`${workspace}\0${id}`, async () => {
    const run = await readRun(workspace, id)
    const path = workspacePaths(workspace).run(id).record
    const stored = await readJson(path, z.looseObject({ version: z.literal(1) }))
    const changed = { ...stored, ...(typeof change === 'function' ? change(run) : change) }
    const updated = storedRunSchema.parse(changed)
    await writeJsonAtomic(path, changed)
    return updated
  })
}

export function unknownRun(id: string): HydraError {
  return new HydraError('RUN_UNKNOWN', {
    expected: 'the id of a run in this workspace',
    got: JSON.stringify(id),
    remedy: 'Choose one of the runs that are there.',
    command: 'hydra runs list',
  })
}

function timestamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`
}

function slugify(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  // By characters: half of one would be no name of a folder.
  const slug = [...words].slice(0, 40).join('').replace(/-+$/, '')
  return slug || 'run'
}
