import { describe, expect, it } from 'vitest'
import { prepareRun } from '../../../src/main/pipeline/training/prepare-run'
import { trainingProcesses, trainingQueue } from '../../../src/main/pipeline/training/training-processes'
import { createRun } from '../../../src/main/workspace/runs/run-folder'
import { HydraError } from '../../../src/shared/errors'
import { trainRequestSchema } from '../../../src/shared/schemas/run'
import { type Judged, makeCollection } from '../../engine/datasets/made-collection'
import { madeContext } from '../../made-context'
import { runDraft } from '../../run-draft'
import { temporaryFolder } from '../../temporary-folder'

const ELM: Judged = [0, [[0, 1]]]

describe('prepareRun', () => {
  it.each<{ does: string; test: Judged[]; asked: string[] }>([
    { does: 'refuses what nobody judged on test before a model writes queries of it', test: [], asked: [] },
    { does: 'has the model write them where somebody did', test: [ELM], asked: ['writer'] },
  ])('$does', async ({ test, asked }) => {
    const workspace = await temporaryFolder()
    const overrides = { queries: 'generated', generated: { model: 'writer' } } as const
    const request = { ...trainRequestSchema.parse({ tasks: ['woods'], overrides }), splitSeed: 1 }
    const draft = runDraft({ request, datasets: [{ id: 'woods', sha256: '' }] })
    const { id } = await createRun(workspace, draft, 'woods', new Date(0))
    const texts = { documents: ['an elm'], queries: ['a tree'] }
    const collection = makeCollection('woods', [{ id: 'woods', dev: [ELM], test }], texts)
    const opened: string[] = []
    const stop = new HydraError('MODEL_MISSING', { expected: 'a', got: 'b', remedy: 'c' })
    const context = madeContext(workspace, {
      openGenerator(model) {
        opened.push(model)
        return Promise.reject(stop)
      },
    })
    await expect(prepareRun(id, context, async () => collection)).rejects.toMatchObject({
      code: asked.length > 0 ? stop.code : 'TASK_UNUSABLE',
    })
    expect(opened).toEqual(asked)
  })
})

describe('trainingProcesses', () => {
  it('takes one for a few steps, which a second one would take longer to load for, and two for more', () => {
    expect([1, 10, 11, 4000].map((steps) => trainingProcesses({ steps }, 4))).toEqual([1, 1, 2, 2])
  })

  it('takes three for three networks, of which the last would leave a core idle', () => {
    expect([1, 2, 3, 4, 6].map((networks) => trainingProcesses({ steps: 800 }, networks))).toEqual([
      2, 2, 3, 2, 2,
    ])
  })

  it('is how many networks of a queue train at once', async () => {
    for (const processes of [1, 2]) {
      const { next } = trainingQueue(processes)
      let running = 0
      let most = 0
      const train = () =>
        next(async () => {
          most = Math.max(most, ++running)
          await new Promise(setImmediate)
          running--
        })
      await Promise.all([train(), train(), train()])
      expect(most).toBe(processes)
    }
  })
})
