import * as tf from '@tensorflow/tfjs'
import { chooseBackend } from '../../src/main/engine/training/choose-backend'
import { trainNetwork } from '../../src/main/engine/training/trainer'
import { collectGarbage } from '../../src/main/pipeline/training/collect-garbage'
import { tinyRecipe, tinyTraining } from '../engine/training/tiny-training'

/** A tiny training in a process of its own, whose memory no test runner shares: prints what it held, as JSON. */
const [steps, settledAt] = process.argv.slice(2)
await chooseBackend('wasm')
let settled = 0
let most = 0
const tensors = new Set<number>()
const started = performance.now()
const training = tinyTraining({
  recipe: tinyRecipe({ steps: Number(steps), devEvery: 200 }),
})
await trainNetwork({
  ...training,
  onHealth: () => undefined,
  // As the operation train-system does.
  async measureDev(network, step) {
    collectGarbage()
    return training.measureDev(network, step)
  },
  onStep(step) {
    if (step === Number(settledAt)) settled = process.memoryUsage.rss()
    if (step <= Number(settledAt)) return
    most = Math.max(most, process.memoryUsage.rss())
    tensors.add(tf.memory().numTensors)
  },
})
const milliseconds = (performance.now() - started) / Number(steps)
process.stdout.write(JSON.stringify({ settled, most, tensors: [...tensors], milliseconds }))
