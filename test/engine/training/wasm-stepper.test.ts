import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { chooseStepper } from '../../../src/main/engine/training/choose-stepper'
import { createObjective } from '../../../src/main/engine/training/objective/step-gradients'
import { checkedTraining } from '../../../src/main/engine/training/self-check'
import type { MadeStep } from '../../../src/main/engine/training/stepper'
import { startState } from '../../../src/main/engine/training/training-state'

const STEPS = 6

/** The steps of the self-check's training, as the trainer makes them on a backend. */
async function steps(backend: string, count: number, change: { clipNorm?: number; ill?: boolean } = {}) {
  await chooseBackend(backend)
  const { network, recipe, batch, asked, seed } = checkedTraining()
  const queries = change.ill
    ? { ...batch.queries, data: batch.queries.data.map(() => Number.NaN) }
    : batch.queries
  const before = tf.memory().numTensors
  const objective = createObjective(asked)
  const random = randomStream(seed, 'wasm-stepper weights')
  const state = startState(network.initialParameters(random), random.state())
  const stepper = await chooseStepper({
    device: null,
    objective,
    recipe: { ...recipe, ...(change.clipNorm ? { clipNorm: change.clipNorm } : {}) },
    system: 'task card',
    draw: () => ({ ...batch, queries }),
  })
  const made: MadeStep[] = []
  for (; state.progress.step < count; state.progress.step++)
    made.push(...(await stepper.advance(state, random, 1)))
  await stepper.settle(state)
  stepper.forget()
  objective.dispose()
  expect(tf.memory().numTensors).toBe(before)
  const { optimizer, parameters } = state
  const arrays = [...parameters.map(({ data }) => data), ...optimizer.first, ...optimizer.second]
  return { made, values: arrays.flatMap((array) => [...array]), names: parameters.map(({ name }) => name) }
}

const near = (actual: readonly number[], expected: readonly number[], tolerance: number) => {
  expect(actual).toHaveLength(expected.length)
  expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(tolerance)
}

it.each([{ clipNorm: 1 }, { clipNorm: 1e-3 }])(
  'makes the steps of plain JavaScript in the memory of the backend, and leaves no tensor there: clipped at $clipNorm',
  async (change) => {
    const [wasm, cpu] = [await steps('wasm', STEPS, change), await steps('cpu', STEPS, change)]
    near(
      wasm.made.flatMap(({ loss, norm }) => [loss, norm]),
      cpu.made.flatMap(({ loss, norm }) => [loss, norm]),
      1e-5,
    )
    near(wasm.values, cpu.values, 1e-5)
    expect(wasm.made.map(({ taskLosses }) => taskLosses.length)).toEqual(
      cpu.made.map(({ taskLosses }) => taskLosses.length),
    )
  },
)

it('names the gradient that is no number, and writes no weight', async () => {
  const [started, { made, values, names }] = [await steps('wasm', 0), await steps('wasm', 1, { ill: true })]
  expect(made[0].norm).toBeNaN()
  expect(names).toContain(made[0].illGradient)
  expect(values).toEqual(started.values)
})
