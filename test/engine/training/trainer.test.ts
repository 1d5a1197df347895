import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EncodedTask } from '../../../src/main/engine/preferences/encoded-collection'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { collapseWarning, type Health } from '../../../src/main/engine/training/monitor'
import { type TrainerOptions, trainNetwork } from '../../../src/main/engine/training/trainer'
import type { Setback } from '../../../src/main/engine/training/training-loop'
import { weightsHash } from '../../../src/main/engine/training/training-state'
import {
  decodeBest,
  decodeState,
  encodeBest,
  encodeState,
} from '../../../src/main/engine/training/training-state-files'
import type { Recipe } from '../../../src/shared/schemas/run'
import { familyTasks, tinyRecipe, tinyTraining, tinyTrainingTasks } from './tiny-training'

async function train(change: Partial<TrainerOptions> = {}) {
  const losses: number[] = []
  const trained = await trainNetwork(
    tinyTraining({ onStep: (_, { loss }) => void losses.push(loss), ...change }),
  )
  return { losses, step: trained.step, dev: trained.dev, weights: weightsHash(trained.parameters) }
}

/** Every part of a recipe that draws random numbers or keeps something in hand. */
const VARIANTS: [string, Partial<Recipe>, EncodedTask[]?][] = [
  ['the default', {}],
  ['keep last, clipped', { keep: 'last', clipNorm: 0.5 }],
  [
    'noise, dropout, null and wrong cards',
    {
      cardNoise: 0.1,
      cardDropout: 0.2,
      nullCards: { share: 0.3, penalty: 5 },
      wrongCards: { share: 0.3, margin: 0.1, weight: 0.5 },
    },
  ],
  ['description-only cards, sampled candidates', { descriptionOnly: 0.5, candidates: 20 }],
  [
    'experts of two families and a collection',
    {
      generator: { name: 'experts', options: { sharedShare: 0.5 } },
      head: { name: 'full', options: {} },
      conditioning: ['description', 'corpus'],
      corporaPerStep: 2,
    },
    familyTasks(),
  ],
]

describe.each(['wasm', 'cpu'])('trainNetwork on %s', (backend) => {
  beforeAll(async () => {
    await chooseBackend(backend)
  })

  it('gives the same weights for the same seed, and others for another', async () => {
    const short = (change: Partial<TrainerOptions> = {}) =>
      train({ recipe: tinyRecipe({ steps: 15 }), ...change })
    const first = await short()
    expect(await short()).toEqual(first)
    expect((await short({ seed: 6 })).weights).not.toBe(first.weights)
    expect((await short({ system: 'no card' })).weights).not.toBe(first.weights)
  })

  // What is kept of a step does not ask which backend took it: in plain JavaScript two of them do.
  it.each(backend === 'wasm' ? VARIANTS : [VARIANTS[0], VARIANTS[4]])(
    'goes on from a saved state to the very same weights: %s',
    async (_, change, tasks = tinyTrainingTasks()) => {
      const recipe = tinyRecipe({ steps: 24, ...change })
      const expected = await train({ recipe, tasks })
      // At a measuring on dev, and between two.
      for (const kill of [10, 17]) {
        let files: { state: Uint8Array; best: Uint8Array | null } | undefined
        const killed = train({
          recipe,
          tasks,
          saveDue: () => true,
          async saveState(state) {
            files = {
              state: encodeState(state, { arm: 'task card', backend, seconds: 0 }),
              best: state.best && encodeBest(state.best),
            }
            if (state.progress.step === kill) throw new Error('killed')
          },
        })
        await expect(killed).rejects.toThrow('killed')
        const resumed = await train({
          recipe,
          tasks,
          async loadState(like) {
            const { state } = decodeState(files!.state, like, 'last')
            if (files!.best) state.best = decodeBest(files!.best, like, 'best')
            return state
          },
        })
        expect(resumed).toEqual({ ...expected, losses: expected.losses.slice(kill) })
      }
    },
  )

  it('leaves no tensor behind, after any of 100 steps', async () => {
    const before = tf.memory().numTensors
    const counts = new Set<number>()
    await train({
      recipe: tinyRecipe({ steps: 100, devEvery: 20 }),
      onStep: () => counts.add(tf.memory().numTensors),
      onHealth: () => undefined,
    })
    expect(counts.size).toBe(1)
    expect(tf.memory().numTensors).toBe(before)
  })
})

describe('what a training says of itself', () => {
  beforeAll(async () => {
    await chooseBackend('cpu')
  })

  it('norms, losses of the tasks drawn, and the health of the heads', async () => {
    const tasks = new Set<string>()
    const norms: number[] = []
    const health: [number, Health][] = []
    await train({
      onStep: (_, report) => {
        norms.push(report.norm)
        const mean = report.taskLosses.reduce((sum, { loss }) => sum + loss, 0) / report.taskLosses.length
        expect(mean).toBeGreaterThan(0)
        for (const { task } of report.taskLosses) tasks.add(task)
      },
      onHealth: (step, measured) => health.push([step, measured]),
    })
    expect([...tasks].sort()).toEqual(['tiny/a', 'tiny/b', 'tiny/c'])
    expect(Math.min(...norms)).toBeGreaterThan(0)
    expect(health.map(([step]) => step)).toEqual([0, 10, 20, 30, 40])
    for (const [, { cards, cosine, effectiveRank, shift, overlap }] of health) {
      expect(cards).toBe(3)
      expect(Math.abs(cosine!)).toBeLessThanOrEqual(1)
      expect(effectiveRank).toBeGreaterThanOrEqual(1)
      expect(effectiveRank).toBeLessThanOrEqual(3)
      expect(shift).toBeGreaterThan(0)
      expect(overlap).toBeGreaterThan(0)
      expect(overlap).toBeLessThanOrEqual(1)
    }
  })

  it('warns once when heads are all alike: a network that cannot see its card', async () => {
    const warnings: string[] = []
    const health: Health[] = []
    await train({
      recipe: tinyRecipe({ generator: { name: 'constant', options: {} } }),
      onHealth: (_, measured, warning) => {
        health.push(measured)
        if (warning) warnings.push(warning)
      },
    })
    expect(health.at(-1)!.cosine).toBeGreaterThan(0.999)
    expect(health.at(-1)!.effectiveRank).toBeLessThan(1.01)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/nearly alike.*To try/)
    expect(collapseWarning({ cards: 3, cosine: 0.5, effectiveRank: 2, shift: 1, overlap: 1 })).toBeNull()
    expect(collapseWarning({ cards: 2, cosine: 1, effectiveRank: 1, shift: 1, overlap: 1 })).toBeNull()
  })

  it('a learning rate of 10 gives a network that still ranks, or TRAINING_DIVERGED: never a ruined one', async () => {
    const devs: number[] = []
    const asked = tinyTraining({ recipe: tinyRecipe({ learningRate: 10 }) })
    const outcome = await trainNetwork({
      ...asked,
      async measureDev(network, step) {
        const dev = await asked.measureDev(network, step)
        devs.push(dev)
        return dev
      },
    }).then(
      ({ dev }) => dev > (2 / 3) * devs[0],
      (error) => error.code === 'TRAINING_DIVERGED',
    )
    expect(devs[0]).toBeGreaterThan(0.4)
    expect(outcome).toBe(true)
  })

  it('one at which weights overflow is halved three times and ends with TRAINING_DIVERGED, tasks named', async () => {
    const setbacks: Setback[] = []
    const training = train({
      recipe: tinyRecipe({ learningRate: 1e37 }),
      onSetback: (setback) => void setbacks.push(setback),
    })
    await expect(training).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      detail: {
        got: expect.stringMatching(/in a batch of tiny\/., tiny\/./),
        remedy: expect.stringContaining('Lower the learning rate'),
      },
    })
    expect(setbacks.map(({ learningRate }) => learningRate)).toEqual([5e36, 2.5e36, 1.25e36])
    expect(setbacks.every(({ backTo }) => backTo === 0)).toBe(true)
  })
})
