import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import type { Parameters } from '../../engine/hypernet/parameters'
import type { TrainingState } from '../../engine/training/training-state'
import {
  decodeBest,
  decodeSound,
  decodeState,
  encodeBest,
  encodeSound,
  encodeState,
  type StateOwner,
} from '../../engine/training/training-state-files'
import { writeFileAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { listTrainingStates, removeTrainingStates } from '../../workspace/runs/training-states'

interface TrainingFiles {
  /** What was saved and by whom, or null. */
  load(like: Parameters): Promise<{ readonly state: TrainingState; readonly owner: StateOwner } | null>
  save(state: TrainingState, owner: StateOwner): Promise<void>
  remove(): Promise<void>
}

/**
 * The saved training of one system of a run. The best weights so far and the sound point that a setback goes back to are written
 * first, under the names of their steps and once; the state that refers to them after; older ones go last. So at every
 * instant the state on disk has what it names.
 */
export function trainingFiles(workspace: string, run: string, system: string): TrainingFiles {
  const paths = workspacePaths(workspace).run(run)
  const last = paths.checkpoint(`${system}.last`)
  const fileOf = (kind: 'best' | 'sound', step: number) => paths.checkpoint(`${system}.${kind}-${step}`)
  /** What is on disk already, beside the state. */
  let kept: readonly string[] = []
  return {
    async load(like) {
      if (!existsSync(last)) return null
      const { state, owner, bestStep, soundStep } = decodeState(await readFile(last), like, last)
      const best = bestStep === null ? null : fileOf('best', bestStep)
      const sound = soundStep === null ? null : fileOf('sound', soundStep)
      if (best) state.best = decodeBest(await readFile(best), like, best)
      if (sound) state.sound = decodeSound(await readFile(sound), like, sound)
      kept = [best, sound].filter((file) => file !== null)
      return { state, owner }
    },

    async save(state, owner) {
      const { best, sound } = state
      const parts: [string, () => Uint8Array][] = []
      if (best) parts.push([fileOf('best', best.step), () => encodeBest(best)])
      if (sound) parts.push([fileOf('sound', sound.progress.step), () => encodeSound(sound)])
      for (const [file, encode] of parts) if (!kept.includes(file)) await writeFileAtomic(file, encode())
      await writeFileAtomic(last, encodeState(state, owner))
      kept = parts.map(([file]) => file)
      for (const { system: whose, path } of await listTrainingStates(workspace, run)) {
        if (whose === system && path !== last && !kept.includes(path)) await rm(path, { force: true })
      }
    },

    remove: () => removeTrainingStates(workspace, run, system),
  }
}
