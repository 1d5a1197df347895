import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { deviceFull, deviceLost } from '../../../src/main/engine/training/backends/device'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { candidateBlocks } from '../../../src/main/engine/training/device/candidate-blocks'
import { deviceCorpus } from '../../../src/main/engine/training/device/device-corpus'
import { type TrainerOptions, trainNetwork } from '../../../src/main/engine/training/trainer'
import type { TrainingState } from '../../../src/main/engine/training/training-state'
import { unitRows } from '../tiny-task'
import { madeDevice } from './made-device'
import { tinyRecipe, tinyTraining } from './tiny-training'

const recipe = tinyRecipe({ steps: 30, devEvery: 15, clipNorm: 1, keep: 'last' })

beforeAll(async () => {
  await chooseBackend('cpu')
})

async function train(change: Partial<TrainerOptions> = {}) {
  const losses: number[] = []
  const warnings: string[] = []
  const { parameters } = await trainNetwork(
    tinyTraining({
      recipe,
      onStep: (_, { loss }) => losses.push(loss),
      onWarning: (message) => warnings.push(message),
      ...change,
    }),
  )
  return { losses, warnings, weights: parameters.flatMap(({ data }) => [...data]) }
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length)
  expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(tolerance)
}

describe('a training on a device', () => {
  it('makes the steps that one in this process makes, and leaves no tensor', async () => {
    const host = await train()
    const before = tf.memory().numTensors
    const device = await train({ device: madeDevice() })
    expect(tf.memory().numTensors).toBe(before)
    expectNear(device.losses, host.losses, 1e-5)
    expectNear(device.weights, host.weights, 1e-4)
  })

  it('without room for a step takes fewer candidates at once and says so once', async () => {
    const roomy = await train({ device: madeDevice() })
    let asked = 0
    const full = madeDevice(() => {
      asked++
      // At the first stride; the second half of the steps begins with the fifth piece of work.
      if (asked === 1 || asked === 5) throw deviceFull('a made device', 'no room')
    })
    const { losses, warnings, weights } = await train({ device: full })
    expect(warnings.filter((warning) => warning.includes('no room'))).toHaveLength(1)
    expect(asked).toBeGreaterThan(5)
    expectNear(losses, roomy.losses, 1e-4)
    expectNear(weights, roomy.weights, 1e-4)
  })

  it('without room for any step is DEVICE_MEMORY, and what was saved goes on elsewhere', async () => {
    const whole = await train()
    let saved: TrainingState | null = null
    let asked = 0
    const broken = train({
      device: madeDevice(() => {
        // Two strides to the first measurement, and the read of the weights for it.
        if (++asked > 3) throw deviceFull('a made device', 'no room')
      }),
      async saveState(state) {
        saved = structuredClone(state)
      },
    })
    await expect(broken).rejects.toMatchObject({ code: 'DEVICE_MEMORY' })
    expect(saved!.progress.step).toBe(15)
    const resumed = await train({ loadState: async () => saved })
    expectNear(resumed.losses, whole.losses.slice(15), 1e-4)
  })

  it('that is lost before its weights were read is DEVICE_LOST, back to the last measurement', async () => {
    let saved: TrainingState | null = null
    let asked = 0
    const broken = train({
      device: madeDevice(() => {
        if (++asked === 3) throw deviceLost('a made device', 'gone')
      }),
      async saveState(state) {
        saved = structuredClone(state)
      },
    })
    await expect(broken).rejects.toMatchObject({ code: 'DEVICE_LOST' })
    expect(saved!.progress).toMatchObject({ step: 0, setbacks: 0, rateFactor: 1 })
  })

  it('goes back from a number that is none, as in this process', async () => {
    const setbacks: number[] = []
    const tasks = tinyTraining().tasks
    await expect(
      train({
        tasks: tasks.map((task) => ({
          ...task,
          wordings: { ...task.wordings, data: task.wordings.data.map(() => Number.NaN) },
        })),
        device: madeDevice(),
        onSetback: ({ step }) => setbacks.push(step),
      }),
    ).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' })
    expect(setbacks).toHaveLength(3)
  })
})

it('blocks of candidates are halved from what was taken at once, to a limit', () => {
  const blocks = candidateBlocks(1_000_000)
  blocks.used(100)
  expect([blocks.halve(), blocks.size()]).toEqual([true, 50])
  blocks.used(50)
  expect([blocks.halve(), blocks.size(), blocks.halve(), blocks.size()]).toEqual([true, 25, false, 25])
})

it('a corpus larger than a tensor may be gives the same rows as one that lies on the device', () => {
  const matrix = unitRows(9, 4, 1)
  for (const rows of [
    [3, 0, 3],
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
  ]) {
    const [whole, sent] = [Number.POSITIVE_INFINITY, 0].map((mostBytes) => {
      const corpus = deviceCorpus(matrix, mostBytes)
      const values = tf.tidy(() => [...corpus.rows(Int32Array.from(rows)).dataSync()])
      corpus.dispose()
      return values
    })
    expect(whole).toEqual(sent)
    expect(whole.slice(0, 4)).toEqual([...matrix.data.slice(4 * rows[0], 4 * rows[0] + 4)])
  }
})
