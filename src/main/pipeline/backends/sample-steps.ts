import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { trainRequestSchema } from '../../../shared/schemas/run'
import type { Encoder } from '../../engine/encoders/encoder'
import { createMatrix, row } from '../../engine/numeric/matrix'
import { randomStream } from '../../engine/numeric/random'
import { chooseBackend } from '../../engine/training/choose-backend'
import { trainNetwork } from '../../engine/training/trainer'
import { encodeTasks, meanOfWordings } from '../encoding/encode-tasks'
import { defineOperation } from '../operation'
import { collectAsUsual, collectSeldom } from '../training/collect-garbage'
import { settleRecipe } from '../training/settle-recipe'
import { plannedTasks } from '../training/split-tasks'
import { systemRecipe, trainedSystemSchema } from '../training/trained-systems'
import { stepPace } from './step-pace'

/** Of measuring. */
const SECONDS = 3
/** More than fit into them. */
const MOST_STEPS = 100_000

/**
 * Some seconds of steps of the network that a request asks for, on its own tasks and corpora with random vectors in place of encoded
 * ones: a step takes as long with these, and nothing has to be encoded first. A teacher's lists are left out.
 */
export const sampleSteps = defineOperation({
  name: 'sample-steps',
  input: z.strictObject({
    request: trainRequestSchema,
    system: trainedSystemSchema,
    backend: z.string(),
    dimensions: z.number().int(),
    /** Of its process. */
    threads: z.number().int(),
  }),
  output: z.strictObject({ millisecondsPerStep: z.number(), memoryBytes: z.number() }),
  session: false,
  async run({ request: asked, system, backend, dimensions, threads }, context) {
    // First: where it refuses, nothing else needs to be done.
    const { device } = await chooseBackend(backend)
    const { request, tasks } = await plannedTasks(asked, context)
    const settled = systemRecipe(
      settleRecipe({ request }, tasks, dimensions).recipe,
      system,
      tasks.seen.length,
    )
    const recipe = {
      ...settled,
      teacher: { name: 'judgments', options: {} },
      sampler: { name: 'uniform', options: {} },
      steps: MOST_STEPS,
      warmupSteps: 1,
      devEvery: MOST_STEPS,
    }
    // What is cached of random vectors must not outlive them.
    const folder = await mkdtemp(join(tmpdir(), 'hydra-sample-'))
    try {
      const encoded = await encodeTasks(
        { tasks: tasks.seen, trained: tasks.seen, encoder: randomEncoder(dimensions) },
        { ...context, workspace: folder, emit: () => {} },
      )
      collectSeldom()
      const pace = stepPace(SECONDS, () => performance.now())
      const enough = new AbortController()
      let made = 0
      const training = trainNetwork({
        tasks: encoded.tasks.filter(({ task }) => system.task === null || task.id === system.task),
        descriptionMean: meanOfWordings(encoded.tasks),
        recipe,
        system: system.row === 'no card' || system.row === 'static' ? 'no card' : 'task card',
        seed: request.seed,
        device,
        threads,
        signal: AbortSignal.any([context.signal, enough.signal]),
        onStep() {
          made++
          // A device reports several steps in one turn: all of them took until now.
          queueMicrotask(() => {
            pace.reached(made)
            if (pace.over) enough.abort()
          })
        },
        measureDev: async () => 0,
      })
      await training.catch((thrown: unknown) => {
        if (!enough.signal.aborted) throw thrown
      })
      return {
        millisecondsPerStep: pace.millisecondsPerStep(),
        memoryBytes: process.resourceUsage().maxRSS * 1024,
      }
    } finally {
      collectAsUsual()
      await rm(folder, { recursive: true, force: true })
    }
  },
})

/** Unit vectors drawn at random, in the place of an encoder that has not encoded the corpus yet. */
function randomEncoder(dimensions: number): Encoder {
  const random = randomStream(1, 'sample vectors')
  return {
    id: 'random',
    sha256: '',
    fingerprint: '0'.repeat(64),
    dimensions,
    async encode(texts) {
      const vectors = createMatrix(texts.length, dimensions)
      for (let i = 0; i < texts.length; i++) {
        const vector = row(vectors, i)
        let square = 0
        for (let j = 0; j < dimensions; j++) {
          vector[j] = random.next() - 0.5
          square += vector[j] ** 2
        }
        for (let j = 0; j < dimensions; j++) vector[j] /= Math.sqrt(square)
      }
      return vectors
    },
    async dispose() {},
  }
}

declare module '../operation' {
  interface Operations {
    'sample-steps': typeof sampleSteps
  }
}
