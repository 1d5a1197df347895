import { resolve } from 'node:path'
import { beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { trainNetwork } from '../../../src/main/engine/training/trainer'
import { type TrainingState, weightsHash } from '../../../src/main/engine/training/training-state'
import { tinyRecipe, tinyTraining } from './tiny-training'

const dying = resolve(import.meta.dirname, 'losses', 'dying-listwise-thread.mjs')
const threadFile = inject('listwiseThread')
const recipe = tinyRecipe({ steps: 24, devEvery: 10 })

beforeAll(async () => {
  await chooseBackend('cpu')
})

function fault(words: string): void {
  vi.stubEnv('LISTWISE_FAULT', words)
  vi.stubEnv('LISTWISE_THREAD', threadFile)
  onTestFinished(() => void vi.unstubAllEnvs())
}

describe('a training whose listwise thread is lost', () => {
  it.each(['end', 'throw', 'silence'])(
    'ends in mid-step with a coded error (%s), and goes on to the weights of an unbroken one',
    async (what) => {
      const unbroken = await trainNetwork(tinyTraining(threadFile, { recipe }))
      fault(`${what} 15`)
      let saved: TrainingState | null = null
      const broken = trainNetwork(
        tinyTraining(dying, {
          recipe,
          answerBound: 300,
          async saveState(state) {
            saved = structuredClone(state)
          },
        }),
      )
      await expect(broken).rejects.toMatchObject({ code: 'TRAINING_STALLED' })
      expect(saved!.progress.step).toBe(14)
      const resumed = await trainNetwork(tinyTraining(threadFile, { recipe, loadState: async () => saved }))
      expect(weightsHash(resumed.parameters)).toBe(weightsHash(unbroken.parameters))
    },
  )

  it('does not wait for a thread that ends before it is ready', async () => {
    fault('never 0')
    await expect(trainNetwork(tinyTraining(dying, { recipe }))).rejects.toMatchObject({
      code: 'TRAINING_STALLED',
    })
  })
})
