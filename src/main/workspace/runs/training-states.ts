import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { workspacePaths } from '../paths'

/**
 * `<system>.last.safetensors`: what training goes on from. `<system>.best-<step>.safetensors`: the best weights so far.
 * `<system>.sound-<step>.safetensors`: where it goes back to after a setback.
 */
const STATE_FILE = /^(.+)\.(last|(?:best|sound)-\d+)\.safetensors$/

/** Files of a training that is not over, by system; a run that is done has none. */
export async function listTrainingStates(
  workspace: string,
  run: string,
): Promise<{ readonly system: string; readonly kind: string; readonly path: string }[]> {
  const { checkpoints } = workspacePaths(workspace).run(run)
  const names = await readdir(checkpoints).catch(() => [])
  return names.flatMap((name) => {
    const match = STATE_FILE.exec(name)
    return match ? [{ system: match[1], kind: match[2], path: join(checkpoints, name) }] : []
  })
}

/** Removes them, of one system or of all. */
export async function removeTrainingStates(workspace: string, run: string, system?: string): Promise<void> {
  for (const state of await listTrainingStates(workspace, run)) {
    if (system === undefined || state.system === system) await rm(state.path, { force: true })
  }
}
