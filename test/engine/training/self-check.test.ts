import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { randomStream } from '../../../src/main/engine/numeric/random'
import { useBackend } from '../../../src/main/engine/training/backends/use-backend'
import { chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { createObjective } from '../../../src/main/engine/training/objective/step-gradients'
import { CHECKED_LOSSES, checkedTraining, selfCheck } from '../../../src/main/engine/training/self-check'
import { hostStepper } from '../../../src/main/engine/training/stepper'
import { startState } from '../../../src/main/engine/training/training-state'
import { madeDevice } from './made-device'

it('its losses are those of a training in this process, whose loss is ONNX Runtime’s', async () => {
  await chooseBackend('cpu')
  const { network, recipe, batch, asked, steps, seed } = checkedTraining()
  const objective = createObjective(asked)
  const random = randomStream(seed, 'self-check weights')
  const state = startState(network.initialParameters(random), random.state())
  const stepper = hostStepper(recipe, (current) => objective.step(current, batch, 'task card'))
  const losses: number[] = []
  for (; state.progress.step < steps; state.progress.step++)
    losses.push((await stepper.advance(state, random, 1))[0].loss)
  objective.dispose()
  losses.forEach((loss, k) => {
    expect(Math.abs(loss - CHECKED_LOSSES[k])).toBeLessThan(1e-5)
  })
  expect(losses).toHaveLength(CHECKED_LOSSES.length)
})

it.each(['cpu', 'wasm'])('passes on %s', async (backend) => {
  await chooseBackend(backend)
  await expect(selfCheck({ device: null })).resolves.toBeUndefined()
})

it('a kernel that is a little wrong is self-check-failed, and no tensor is left', async () => {
  await useBackend('cpu')
  const before = tf.memory().numTensors
  await expect(selfCheck({ device: madeDevice() })).resolves.toBeUndefined()
  const right = tf.getKernel('Exp', 'cpu')
  tf.unregisterKernel('Exp', 'cpu')
  tf.registerKernel({
    ...right,
    kernelFunc: (given) => {
      const info = right.kernelFunc(given) as tf.TensorInfo
      const values = (given.backend as tf.KernelBackend).readSync(info.dataId) as Float32Array
      values.forEach((value, i) => {
        values[i] = value * (1 + 1e-3 * Math.sin(i))
      })
      return info
    },
  })
  try {
    await expect(selfCheck({ device: madeDevice() })).rejects.toMatchObject({ code: 'self-check-failed' })
  } finally {
    tf.unregisterKernel('Exp', 'cpu')
    tf.registerKernel(right)
  }
  expect(tf.memory().numTensors).toBe(before)
})
