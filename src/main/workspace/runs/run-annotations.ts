import { HydraError } from '../../../shared/errors'
import {
  type AnnotationChange,
  type Annotations,
  annotationsSchema,
} from '../../../shared/schemas/runs/annotations'
import { readJson, writeJsonAtomic } from '../../files/atomic-write'
import { inTurn } from '../in-turn'
import { workspacePaths } from '../paths'
import { readRun } from './run-folder'

const NONE: Annotations = { version: 1, name: null, tags: [], notes: '', archived: false }

/** What a person wrote about a run; nothing where there is no such file. @internal */
export async function readAnnotations(workspace: string, run: string): Promise<Annotations> {
  try {
    return await readJson(workspacePaths(workspace).run(run).annotations, annotationsSchema)
  } catch (error) {
    if (error instanceof HydraError && error.code === 'FILE_MISSING') return NONE
    throw error
  }
}

/** The same for lists: a file that cannot be read hides no run. */
export function readAnnotationsOrNone(workspace: string, run: string): Promise<Annotations> {
  return readAnnotations(workspace, run).catch(() => NONE)
}

/**
 * Writes what is said and leaves the rest. Needs no lock of the workspace: nobody but a person writes this file, and it
 * appears as a whole.
 */
export async function annotateRun(
  workspace: string,
  id: string,
  change: AnnotationChange,
): Promise<Annotations> {
  const run = await readRun(workspace, id)
  const path = workspacePaths(workspace).run(run.id).annotations
  return inTurn(path, async () => {
    const { tag = [], untag = [], ...said } = change
    const before = await readAnnotations(workspace, run.id)
    const tags = new Set([...before.tags, ...tag])
    for (const one of untag) tags.delete(one)
    const ordered = [...tags].sort((a, b) => a.localeCompare(b))
    const after = annotationsSchema.parse({ ...before, ...said, tags: ordered })
    await writeJsonAtomic(path, after)
    return after
  })
}
