import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { workspacePaths } from './paths'

/**
 * `<arm>.last.safetensors`: what training goes on from. `<arm>.best-<step>.safetensors`: the best weights so far.
 * `<arm>.sound-<step>.safetensors`: where it goes back to after a setback.
 */
const STATE_FILE = /^(.+)\.(last|(?:best|sound)-\d+)\.safetensors$/

/** Files of a training that is not over, by arm; a run that is done has none. */
export async function listTrainingStates(
  workspace: string,
  run: string,
): Promise<{ readonly arm: string; readonly kind: string; readonly path: string }[]> {
  const { checkpoints } = workspacePaths(workspace).run(run)
  const names = await readdir(checkpoints).catch(() => [])
  return names.flatMap((name) => {
    const match = STATE_FILE.exec(name)
    return match ? [{ arm: match[1], kind: match[2], path: join(checkpoints, name) }] : []
  })
}

/** Removes them, of one arm or of all. */
export async function removeTrainingStates(workspace: string, run: string, arm?: string): Promise<void> {
  for (const state of await listTrainingStates(workspace, run)) {
    if (arm === undefined || state.arm === arm) await rm(state.path, { force: true })
  }
}
