import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { readSafetensors, writeSafetensors } from '../../../src/main/engine/formats/safetensors'
import type { Parameters } from '../../../src/main/engine/hypernet/parameters'
import { type RandomStream, randomStream } from '../../../src/main/engine/numeric/random'
import { type HostStep, hostStepper } from '../../../src/main/engine/training/stepper'
import {
  type LoopRecipe,
  runTrainingLoop,
  type Setback,
  type TrainingLoop,
} from '../../../src/main/engine/training/training-loop'
import { startState, type TrainingState, weightsHash } from '../../../src/main/engine/training/training-state'
import {
  decodeBest,
  decodeSound,
  decodeState,
  encodeBest,
  encodeSound,
  encodeState,
} from '../../../src/main/engine/training/training-state-files'
import { illNumber } from '../../ill-number'

const recipe: LoopRecipe = {
  steps: 40,
  devEvery: 7,
  keep: 'best',
  patience: null,
  clipNorm: null,
  learningRate: 0.05,
  weightDecay: 0.01,
  warmupSteps: 5,
}

const TARGET = [0.5, -1, 2, 0.1]

function parameters(): Parameters {
  return [
    { name: 'a', shape: [2], data: Float32Array.from([1, 2]), decayed: true },
    { name: 'b', shape: [2], data: Float32Array.from([-1, 0.3]), decayed: false },
  ]
}

/** A noisy quadratic: its gradient depends on the weights and on what the stream gives. */
function quadratic(current: Parameters, random: RandomStream) {
  let loss = 0
  let place = 0
  const gradients = current.map(({ data }) =>
    data.map((value) => {
      const error = value - TARGET[place++] + 0.1 * random.normal()
      loss += error * error
      return 2 * error
    }),
  )
  return { loss, gradients, taskLosses: [{ task: 'x', loss }] }
}

const closeness = (current: Parameters) =>
  1 / (1 + current.flatMap(({ data }) => [...data]).reduce((sum, v, i) => sum + (v - TARGET[i]) ** 2, 0))

type Change = Partial<TrainingLoop> & { readonly step?: HostStep }

function loop({ step = quadratic, ...change }: Change = {}) {
  const losses: number[] = []
  const devs: [number, number][] = []
  const setbacks: Setback[] = []
  const options: TrainingLoop = {
    recipe,
    state: startState(parameters(), randomStream(3, 'sampling').state()),
    stepper: hostStepper(change.recipe ?? recipe, step),
    async measureDev(current, step) {
      const dev = closeness(current)
      devs.push([step, dev])
      return dev
    },
    onStep: (_, { loss }) => losses.push(loss),
    onSetback: (setback) => setbacks.push(setback),
    ...change,
  }
  return { run: () => runTrainingLoop(options), losses, devs, setbacks, state: options.state }
}

/** Through the files: what a killed process would find. */
function throughFiles(state: TrainingState): TrainingState {
  const owner = { arm: 'task card', backend: 'cpu', seconds: 1 }
  const saved = decodeState(encodeState(state, owner), parameters(), 'last')
  expect(saved.owner).toEqual(owner)
  if (state.best) saved.state.best = decodeBest(encodeBest(state.best), parameters(), 'best')
  if (state.sound) saved.state.sound = decodeSound(encodeSound(state.sound), parameters(), 'sound')
  expect(saved.bestStep).toBe(state.best?.step ?? null)
  return saved.state
}

describe('runTrainingLoop', () => {
  it.each(['best', 'last'] as const)(
    'resumed after any step ends as if it had never stopped (keep %s)',
    async (keep) => {
      const asked = { ...recipe, keep }
      const whole = loop({ recipe: asked })
      const expected = await whole.run()
      for (let kill = 1; kill < recipe.steps; kill++) {
        let saved: TrainingState | undefined
        let steps = 0
        const before = loop({
          recipe: asked,
          // Saved at every third step; killed at any.
          saveDue: () => steps % 3 === 0,
          save: async (state) => {
            saved = structuredClone(state)
          },
          onStep: () => {
            steps++
            if (steps === kill) throw new Error('killed')
          },
        })
        await expect(before.run()).rejects.toThrow('killed')
        const state = saved ? throughFiles(saved) : loop().state
        const begun = state.progress.step
        const after = loop({ recipe: asked, state })
        const result = await after.run()
        expect({ step: result.step, dev: result.dev, weights: weightsHash(result.parameters) }).toEqual({
          step: expected.step,
          dev: expected.dev,
          weights: weightsHash(expected.parameters),
        })
        expect(after.losses).toEqual(whole.losses.slice(begun))
      }
    },
  )

  it('paused saves its state at once and says PAUSED; cancelled saves nothing', async () => {
    const expected = await loop().run()
    const pauser = new AbortController()
    let saved: TrainingState | undefined
    const paused = loop({
      pause: pauser.signal,
      onStep: (step) => step === 11 && pauser.abort(),
      save: async (state) => {
        saved = throughFiles(state)
      },
    })
    await expect(paused.run()).rejects.toMatchObject({ code: 'PAUSED' })
    expect(saved!.progress.step).toBe(11)
    const result = await loop({ state: saved }).run()
    expect(weightsHash(result.parameters)).toBe(weightsHash(expected.parameters))

    const canceller = new AbortController()
    const save = vi.fn()
    const cancelled = loop({
      signal: canceller.signal,
      onStep: (step) => step === 11 && canceller.abort(),
      save,
    })
    await expect(cancelled.run()).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(save).not.toHaveBeenCalled()
  })

  it('clips the gradient to its norm, and reports the norm before', async () => {
    const norms: number[] = []
    const sizes: number[] = []
    const taken: Float32Array[][] = []
    const size = (gradients: readonly Float32Array[]) =>
      Math.hypot(...gradients.flatMap((gradient) => [...gradient]))
    await loop({
      recipe: { ...recipe, clipNorm: 0.5, steps: 3 },
      step(current, random) {
        const outcome = quadratic(current, random)
        sizes.push(size(outcome.gradients))
        taken.push(outcome.gradients)
        return outcome
      },
      onStep: (_, { norm }) => norms.push(norm),
    }).run()
    expect(Math.min(...sizes)).toBeGreaterThan(0.5)
    expect(norms.map((norm) => norm.toFixed(4))).toEqual(sizes.map((norm) => norm.toFixed(4)))
    expect(taken.map((gradients) => size(gradients).toFixed(4))).toEqual(['0.5000', '0.5000', '0.5000'])
  })

  it('stops early when the dev measure no longer rises, and keeps the best', async () => {
    const devs = [0.1, 0.2, 0.5, 0.4, 0.5, 0.45, 0.9]
    const result = await loop({
      recipe: { ...recipe, devEvery: 4, patience: 3 },
      measureDev: async (_, step) => devs[step / 4],
    }).run()
    // .5 at step 8; .4, .5 and .45 are no better
    expect(result).toMatchObject({ step: 8, dev: 0.5 })
    const last = await loop({
      recipe: { ...recipe, devEvery: 4, patience: 3, keep: 'last' },
      measureDev: async (_, step) => devs[step / 4],
    }).run()
    expect(last).toMatchObject({ step: 20, dev: 0.45 })
  })

  it('goes back from a loss that is no number, at half the rate, and says which task it was', async () => {
    let asked = 0
    const { run, setbacks, devs } = loop({
      step(current, random) {
        asked++
        const outcome = quadratic(current, random)
        if (asked !== 10) return outcome
        return {
          ...outcome,
          loss: Number.NaN,
          taskLosses: [
            { task: 'fine', loss: 1 },
            { task: 'ill', loss: Number.NaN },
          ],
        }
      },
    })
    const result = await run()
    expect(setbacks).toEqual([
      { what: 'a loss of NaN in a batch of ill', step: 10, backTo: 7, learningRate: 0.025 },
    ])
    expect(devs.map(([step]) => step)).toEqual([0, 7, 14, 21, 28, 35, 40])
    expect(result.dev).toBeGreaterThan(devs[0][1])
  })

  it('a setback after a resume ends as that of an unbroken training, wherever it was cut off', async () => {
    // A loss that is none at this many steps made, once: the state knows no more of it than a real one would.
    const faultyAt = (fault: number) => (current: Parameters, random: RandomStream, state: TrainingState) => {
      const outcome = quadratic(current, random)
      const { step, setbacks } = state.progress
      return step + 1 === fault && setbacks === 0 ? { ...outcome, loss: Number.NaN } : outcome
    }
    const broken = (fault: number, change: Change, begun?: TrainingState) => {
      const state = begun ?? loop().state
      return loop({ state, step: (current, random) => faultyAt(fault)(current, random, state), ...change })
    }
    for (const fault of [5, 12, 20]) {
      const whole = broken(fault, {})
      const expected = await whole.run()
      for (let kill = 1; kill < fault; kill++) {
        let saved: TrainingState | undefined
        const pauser = new AbortController()
        const before = broken(fault, {
          pause: pauser.signal,
          onStep: (step) => step === kill && pauser.abort(),
          save: async (state) => {
            saved = throughFiles(state)
          },
        })
        await expect(before.run()).rejects.toMatchObject({ code: 'PAUSED' })
        const after = broken(fault, {}, saved)
        const result = await after.run()
        expect(after.setbacks).toEqual(whole.setbacks)
        expect([result.step, weightsHash(result.parameters)]).toEqual([
          expected.step,
          weightsHash(expected.parameters),
        ])
      }
    }
  })

  it('a state saved while already diverging goes back to the last sound measurement, not to itself', async () => {
    let saved: TrainingState | undefined
    const pauser = new AbortController()
    const before = loop({
      pause: pauser.signal,
      onStep: (step) => step === 10 && pauser.abort(),
      step(current, random) {
        const outcome = quadratic(current, random)
        // From step 8 on the gradient leads away.
        return asked++ < 7
          ? outcome
          : { ...outcome, gradients: outcome.gradients.map((g) => g.map((v) => -v)) }
      },
      save: async (state) => {
        saved = throughFiles(state)
      },
    })
    let asked = 0
    await expect(before.run()).rejects.toMatchObject({ code: 'PAUSED' })
    let once = true
    const after = loop({
      state: saved,
      step(current, random) {
        const outcome = quadratic(current, random)
        const ill = once
        once = false
        return ill ? { ...outcome, loss: Number.POSITIVE_INFINITY } : outcome
      },
    })
    await after.run()
    expect(after.setbacks).toMatchObject([{ step: 11, backTo: 7 }])
  })

  it('never saves a ruined state: it goes back first', async () => {
    const saved: TrainingState[] = []
    let ruin = true
    const { run, setbacks, state } = loop({
      onStep(step) {
        if (step !== 10 || !ruin) return
        ruin = false
        state.parameters[1].data[0] = Number.NaN
      },
      saveDue: () => true,
      save: async (one) => {
        saved.push(throughFiles(one))
      },
    })
    await run()
    expect(setbacks).toMatchObject([{ step: 10, backTo: 7 }])
    expect(setbacks[0].what).toContain('weights of b')
    expect(saved.length).toBeGreaterThan(30)
  })

  it('a dev measure that is no number is a setback, and before the first step an end', async () => {
    let first = true
    const once = loop({
      async measureDev(current, step) {
        if (step !== 14 || !first) return closeness(current)
        first = false
        return Number.NaN
      },
    })
    await once.run()
    expect(once.setbacks).toMatchObject([{ step: 14, backTo: 7 }])
    const never = loop({ measureDev: async () => Number.NaN })
    await expect(never.run()).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' })
  })

  it.each([null, 0.5])('names the weights whose gradient is no number (clipped to %s)', async (clipNorm) => {
    let asked = 0
    const { run, setbacks } = loop({
      recipe: { ...recipe, clipNorm },
      step(current, random) {
        const outcome = quadratic(current, random)
        if (++asked === 3) outcome.gradients[1][0] = clipNorm === null ? Number.POSITIVE_INFINITY : Number.NaN
        return outcome
      },
    })
    await run()
    expect(setbacks[0].what).toContain('a gradient of b that is no number in a batch of x')
  })

  it('gives up after three setbacks with TRAINING_DIVERGED', async () => {
    const { run, setbacks } = loop({
      step: (current, random) => ({ ...quadratic(current, random), loss: Number.POSITIVE_INFINITY }),
    })
    await expect(run()).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
      detail: { got: expect.stringContaining('in a batch of x') },
    })
    expect(setbacks.map(({ learningRate }) => learningRate)).toEqual([0.025, 0.0125, 0.00625])
  })

  it('goes back from a network that ranks far worse than at the start while its loss rose', async () => {
    const { run, setbacks } = loop({ recipe: { ...recipe, learningRate: 40, weightDecay: 0 } })
    await run().catch((error) => expect(error.code).toBe('TRAINING_DIVERGED'))
    expect(setbacks.length).toBeGreaterThan(0)
    expect(setbacks[0]).toMatchObject({ backTo: 0, learningRate: 20 })
    expect(setbacks[0].what).toMatch(/dev measure fell .* loss rose/)
  })

  it('warns of a network that ends below its own start', async () => {
    const warnings: string[] = []
    const measured = { measureDev: async (_: Parameters, step: number) => 0.5 - step / 200 }
    await loop({ ...measured, onWarning: (message) => void warnings.push(message) }).run()
    expect(warnings).toEqual([expect.stringMatching(/is 0.4650, and 0.5000 before/)])
  })

  it('ends with the writer’s error when a state cannot be saved', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    const { run } = loop({ saveDue: () => true, save: () => Promise.reject(full) })
    await expect(run()).rejects.toBe(full)
  })
})

describe('a saved state', () => {
  it('of another network is refused', () => {
    const bytes = encodeState(loop().state, { arm: 'a', backend: 'cpu', seconds: 0 })
    const other = parameters().map((parameter) => ({ ...parameter, shape: [1, 2] }))
    expect(() => decodeState(bytes, other, 'x.safetensors')).toThrow(
      expect.objectContaining({
        code: 'FILE_INVALID',
        detail: expect.objectContaining({ where: 'x.safetensors' }),
      }),
    )
    expect(() => decodeBest(bytes, parameters(), 'x')).toThrow(
      expect.objectContaining({ code: 'FILE_INVALID' }),
    )
  })

  it('of version 1, which named no sound point, is still read', () => {
    const state = loop().state
    const { tensors, metadata } = readSafetensors(
      encodeState(state, { arm: 'a', backend: 'cpu', seconds: 0 }),
    )
    const { sound: _, ...old } = metadata
    const saved = decodeState(writeSafetensors(tensors, { ...old, version: '1' }), parameters(), 'x')
    expect(saved.soundStep).toBeNull()
    expect(weightsHash(saved.state.parameters)).toBe(weightsHash(state.parameters))
  })

  it('with a number that is none, anywhere, is refused', () => {
    const bytes = encodeState(loop().state, { arm: 'a', backend: 'cpu', seconds: 0 })
    fc.assert(
      fc.property(
        fc.constantFrom('weights', 'first', 'second'),
        fc.constantFrom('a', 'b'),
        fc.nat(1),
        illNumber,
        (kind, name, place, value) => {
          const { tensors, metadata } = readSafetensors(bytes.slice())
          tensors[`${kind}/${name}`].data[place] = value
          expect(() => decodeState(writeSafetensors(tensors, metadata), parameters(), 'x')).toThrow(
            expect.objectContaining({ code: 'FILE_INVALID' }),
          )
        },
      ),
    )
    const { tensors, metadata } = readSafetensors(bytes)
    const progress = JSON.stringify({ ...JSON.parse(metadata.progress), rateFactor: Number.NaN })
    expect(() =>
      decodeState(writeSafetensors(tensors, { ...metadata, progress }), parameters(), 'x'),
    ).toThrow(expect.objectContaining({ code: 'FILE_INVALID' }))
  })
})
