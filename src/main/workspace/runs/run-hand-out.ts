import { type HandOut, handOutSchema } from '../../../shared/schemas/runs/hand-out'
import { readJsonIfThere, writeJsonAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../paths'

export function writeHandOut(workspace: string, run: string, handOut: HandOut): Promise<void> {
  return writeJsonAtomic(workspacePaths(workspace).run(run).handOut, handOutSchema.parse(handOut))
}

/** hand-out.json, or null where the run has none: it was not scored, or by an earlier version. */
export function readHandOut(workspace: string, run: string): Promise<HandOut | null> {
  return readJsonIfThere(workspacePaths(workspace).run(run).handOut, handOutSchema)
}
