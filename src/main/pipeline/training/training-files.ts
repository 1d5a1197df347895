import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import type { Parameters } from '../../engine/hypernet/parameters'
import {
  decodeBest,
  decodeState,
  encodeBest,
  encodeState,
  type StateOwner,
  type TrainingState,
} from '../../engine/training/training-state'
import { writeFileAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { listTrainingStates, removeTrainingStates } from '../../workspace/training-states'

interface TrainingFiles {
  /** What was saved and by whom, or null. */
  load(like: Parameters): Promise<{ readonly state: TrainingState; readonly owner: StateOwner } | null>
  save(state: TrainingState, owner: StateOwner): Promise<void>
  remove(): Promise<void>
}

/**
 * The saved training of one arm of a run. The best weights so far are written first, under the name of their step; the
 * state that refers to them after; older best weights go last. So at every instant the state on disk has what it names.
 */
export function trainingFiles(workspace: string, run: string, arm: string): TrainingFiles {
  const paths = workspacePaths(workspace).run(run)
  const last = paths.checkpoint(`${arm}.last`)
  const bestFile = (step: number) => paths.checkpoint(`${arm}.best-${step}`)
  let savedBest: number | null = null
  return {
    async load(like) {
      if (!existsSync(last)) return null
      const { state, owner, bestStep } = decodeState(await readFile(last), like, last)
      if (bestStep !== null) {
        const file = bestFile(bestStep)
        state.best = decodeBest(await readFile(file), like, file)
        savedBest = bestStep
      }
      return { state, owner }
    },

    async save(state, owner) {
      const best = state.best
      if (best && best.step !== savedBest) await writeFileAtomic(bestFile(best.step), encodeBest(best))
      await writeFileAtomic(last, encodeState(state, owner))
      savedBest = best?.step ?? null
      for (const { arm: whose, path } of await listTrainingStates(workspace, run)) {
        if (whose === arm && path !== last && (!best || path !== bestFile(best.step)))
          await rm(path, { force: true })
      }
    },

    remove: () => removeTrainingStates(workspace, run, arm),
  }
}
