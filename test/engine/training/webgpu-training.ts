import * as tf from '@tensorflow/tfjs'
import { createHypernetwork } from '../../../src/main/engine/hypernet/hypernetwork'
import type { GpuDevice } from '../../../src/main/engine/training/backends/webgpu'
import { backendRefusal, chooseBackend } from '../../../src/main/engine/training/choose-backend'
import { type TrainerOptions, trainNetwork } from '../../../src/main/engine/training/trainer'
import { copyPoint, type TrainingState } from '../../../src/main/engine/training/training-state'
import { type ErrorCode, HydraError } from '../../../src/shared/errors'
import { familyTasks, tinyRecipe, tinyTraining } from './tiny-training'

/**
 * Trainings in a process of its own, since what the Vulkan loader reads of the environment is the process's:
 * `node webgpu-training.mjs WHAT`. Prints what it found as JSON.
 */
const [what] = process.argv.slice(2)

/** Null cards, clipping and a penalty: all that reaches into a step's arithmetic. */
const recipe = tinyRecipe({
  steps: 100,
  devEvery: 50,
  keep: 'last',
  clipNorm: 1,
  nullCards: { share: 0.2, penalty: 2 },
})

async function train(backend: string, change: Partial<TrainerOptions> = {}) {
  const { device } = await chooseBackend(backend)
  const options = tinyTraining({ recipe, device, ...change })
  const losses: number[] = []
  const norms: number[] = []
  const before = tf.memory().numTensors
  const { description, parameters } = await trainNetwork({
    ...options,
    onStep(step, report) {
      losses.push(report.loss)
      norms.push(report.norm)
      options.onStep(step, report)
    },
  })
  const leaked = tf.memory().numTensors - before
  await chooseBackend('wasm')
  const network = createHypernetwork(description, parameters)
  const heads = options.tasks.map(({ description: text, encoded: { queryMean, documentMean } }) => {
    const means = { description: options.descriptionMean, queries: queryMean, documents: documentMean }
    const { weight, bias } = network.compile(
      { description: text, queries: queryMean, documents: documentMean },
      means,
    )
    return [...weight.data, ...bias]
  })
  network.dispose()
  return { losses, norms, heads, leaked }
}

async function codeOf(work: Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await work
    return null
  } catch (thrown) {
    if (thrown instanceof HydraError) return thrown.code
    throw thrown
  }
}

async function parity() {
  const stop = new AbortController()
  const cpu: number[] = []
  await codeOf(
    train('cpu', {
      pause: stop.signal,
      onStep: (step, { loss }) => {
        cpu.push(loss)
        if (step === 30) stop.abort()
      },
    }),
  )
  return { cpu, wasm: await train('wasm'), webgpu: await train('webgpu') }
}

/** Of the backend at work. */
const gpu = () => (tf.backend() as unknown as { readonly device: GpuDevice }).device

async function faults() {
  const allowed = process.env.HYDRA_ALLOW_SOFTWARE_GPU
  process.env.HYDRA_ALLOW_SOFTWARE_GPU = ''
  const software = await backendRefusal('webgpu')
  process.env.HYDRA_ALLOW_SOFTWARE_GPU = allowed

  const { device, reason } = await chooseBackend('webgpu')
  const { maxBufferSize } = gpu().limits
  const full = await codeOf(
    device!.run(async () => gpu().createBuffer({ size: 2 * maxBufferSize, usage: GPUBufferUsage.COPY_DST })),
  )
  const after = await codeOf(device!.run(() => tf.ones([2]).data()))

  // Experts: their gates choose for null cards, from vectors that are read at once.
  const short = tinyRecipe({
    steps: 12,
    devEvery: 6,
    keep: 'last',
    losses: [
      { name: 'listwise', options: {}, weight: 1 },
      { name: 'pairwise', options: {}, weight: 0.5 },
    ],
    generator: { name: 'experts', options: { sharedShare: 0.5 } },
    head: { name: 'full', options: {} },
    conditioning: ['description', 'corpus'],
    corporaPerStep: 2,
    nullCards: { share: 0.3, penalty: 2 },
  })
  const asked = { recipe: short, tasks: familyTasks() }
  const whole = await train('wasm', asked)
  let saved: TrainingState | undefined
  const lost = await codeOf(
    train('webgpu', {
      ...asked,
      onStep: (step) => step === 12 && gpu().destroy(),
      async saveState(state) {
        saved = { ...copyPoint(state), best: state.best, sound: state.sound }
      },
    }),
  )
  const begun = saved!.progress.step
  const resumed = await train('wasm', { ...asked, loadState: async () => saved! })
  return { software, reason, full, after, lost, begun, whole, resumed }
}

const answers: Record<string, () => Promise<unknown>> = {
  parity,
  faults,
  'no adapter': () => backendRefusal('webgpu'),
}
process.stdout.write(JSON.stringify(await answers[what]()))
