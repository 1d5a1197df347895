import { z } from 'zod'
import { trainRequestSchema } from '../../../shared/schemas/run'
import { costEstimateSchema } from '../../../shared/schemas/runs/plan'
import { portionsOf } from '../../engine/datasets/text-list'
import { charactersRead, ENCODED_AT_ONCE } from '../encoding/encode-collections'
import { defineOperation } from '../operation'
import { keepMeasurement, stepShape, thisMachine } from './run-costs'
import { settleRecipe } from './settle-recipe'
import { plannedTasks } from './split-tasks'
import { type TrainedSystem, trainedSystems } from './trained-systems'
import { trainingProcesses, trainingThreads } from './training-processes'

/** Documents encoded for the rate: some seconds of a usual encoder. */
const MOST_TEXTS = 128

/**
 * The short measurement of what a request would cost, where no run was like it: some documents through its encoder, and some
 * steps of its networks side by side, as they would train.
 */
export const measureCost = defineOperation({
  name: 'measure-cost',
  input: z.strictObject({ request: trainRequestSchema, backend: costEstimateSchema.shape.backend }),
  output: z.strictObject({}),
  session: false,
  async run({ request: asked, backend }, context) {
    const { request, tasks } = await plannedTasks(asked, context)
    const encoder = await context.openEncoder(request.encoder, 2)
    try {
      const { recipe } = settleRecipe({ request }, tasks, encoder.dimensions)
      const seen = tasks.seen.map(({ id }) => id)
      const systems = trainedSystems(request.rows, seen, recipe)
      const documents = Math.max(...tasks.collections.map((one) => one.documents.ids.length))
      const shapes = new Map<string, TrainedSystem>()
      for (const system of systems) {
        const shape = stepShape({
          recipe,
          system,
          systems: systems.length,
          tasks: seen.length,
          encoder: encoder.id,
          backend: backend.id,
          documents,
        })
        if (!shapes.has(shape)) shapes.set(shape, system)
      }
      // Side by side, as they would train: one of each shape, and what is left of the places the first again. Shapes beyond them
      // are the same network in smaller, and count as the first.
      const distinct = [...shapes.values()]
      const places = Math.min(systems.length, trainingProcesses(recipe, systems.length))
      const sampled = Array.from({ length: places }, (_, place) => distinct[place] ?? distinct[0])
      const samples = await Promise.all(
        sampled.map((system) =>
          context.fork('sample-steps', {
            request,
            system,
            backend: backend.id,
            dimensions: encoder.dimensions,
            threads: trainingThreads(places),
          }),
        ),
      )
      await keepMeasurement(context.workspace, {
        run: null,
        at: context.now().toISOString(),
        machine: thisMachine(),
        encoder: encoder.id,
        backend: backend.id,
        millisecondsPerStep: Object.fromEntries(
          [...shapes].map(([shape, system]) => {
            const place = Math.max(0, sampled.indexOf(system))
            return [shape, samples[place].millisecondsPerStep]
          }),
        ),
        charactersPerSecond: await encodingRate(),
        pairsPerSecond: null,
        memoryBytes: {
          train: Math.max(...samples.map(({ memoryBytes }) => memoryBytes)),
          whole: process.resourceUsage().maxRSS * 1024,
        },
      })
      return {}

      /** Characters a second of documents that are not in the cache, or null where all are. */
      async function encodingRate(): Promise<number | null> {
        const { texts } = tasks.collections[0].documents
        const missing: number[] = []
        let before = 0
        for (const portion of portionsOf(texts, ENCODED_AT_ONCE)) {
          for (const place of (await encoder.missing?.(portion, 'document')) ?? [])
            missing.push(before + place)
          before += portion.length
        }
        // Evenly over the corpus, whatever order it lies in.
        const stride = Math.max(1, Math.floor(missing.length / MOST_TEXTS))
        const chosen = missing.filter((_, i) => i % stride === 0).slice(0, MOST_TEXTS)
        if (chosen.length === 0) return null
        const sample = chosen.map((row) => texts.at(row)!)
        // The first one starts the processes.
        await encoder.encode(sample.slice(0, 1), { role: 'document', signal: context.signal })
        const begun = performance.now()
        await encoder.encode(sample, { role: 'document', signal: context.signal })
        return charactersRead(sample) / ((performance.now() - begun) / 1000)
      }
    } finally {
      await encoder.dispose()
    }
  },
})

declare module '../operation' {
  interface Operations {
    'measure-cost': typeof measureCost
  }
}
