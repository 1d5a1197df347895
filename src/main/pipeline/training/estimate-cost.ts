import { totalmem } from 'node:os'
import { z } from 'zod'
import { trainRequestSchema } from '../../../shared/schemas/run'
import { type CostEstimate, costEstimateSchema, type StageCost } from '../../../shared/schemas/runs/plan'
import { portionsOf } from '../../engine/datasets/text-list'
import type { Encoder } from '../../engine/encoders/encoder'
import { estimateTokens, remoteCost } from '../../engine/encoders/remote/remote-cost'
import type { ResolvedEncoder } from '../../engine/encoders/remote/resolve-encoder'
import type { RunTasks } from '../datasets/load-run-tasks'
import { askedQueries, charactersRead, ENCODED_AT_ONCE } from '../encoding/encode-collections'
import { defineOperation } from '../operation'
import { type RunCosts, readCosts, stepShape } from './run-costs'
import { settleRecipe } from './settle-recipe'
import { plannedTasks } from './split-tasks'
import { rankedPairs } from './stage-cost'
import { systemRecipe, trainedSystems } from './trained-systems'
import { trainingProcesses } from './training-processes'

/** Seconds and memory of a run before it starts, from what runs on this machine took; nothing is guessed where none was like it. */
export const estimateCost = defineOperation({
  name: 'estimate-cost',
  input: z.strictObject({
    request: trainRequestSchema,
    /** The one that a run would choose. */
    backend: costEstimateSchema.shape.backend,
  }),
  output: costEstimateSchema,
  session: true,
  async run({ request: asked, backend }, context): Promise<CostEstimate> {
    const { request, tasks } = await plannedTasks(asked, context)
    const encoder = await context.warm.encoder(request.encoder, context)
    const { recipe } = settleRecipe({ request }, tasks, encoder.dimensions)
    const costs = await readCosts(context.workspace)
    const seen = tasks.seen.map(({ id }) => id)
    const systems = trainedSystems(request.rows, seen, recipe)
    const documents = Math.max(...tasks.collections.map((one) => one.documents.ids.length))
    const lanes = systems.map((system) => {
      const { steps } = systemRecipe(recipe, system, seen.length)
      const shape = stepShape({
        recipe,
        system,
        systems: systems.length,
        tasks: seen.length,
        encoder: encoder.id,
        backend: backend.id,
        documents,
      })
      const measured = costs.find((one) => one.millisecondsPerStep[shape] !== undefined) ?? null
      return { steps, measured, seconds: measured && (steps * measured.millisecondsPerStep[shape]) / 1000 }
    })
    const processes = trainingProcesses(recipe, systems.length)
    const stages = [
      await encodeStage(tasks, encoder, costs, await context.resolveEncoder(request.encoder)),
      trainStage(lanes, processes),
      evaluateStage(tasks, costs),
    ]
    const like = lanes[0]?.measured?.memoryBytes ? lanes[0].measured : null
    return {
      backend,
      stages,
      seconds: sumOf(stages.map(({ seconds }) => seconds)),
      memoryBytes: like?.memoryBytes
        ? like.memoryBytes.whole + Math.min(processes, systems.length) * like.memoryBytes.train
        : null,
      totalMemoryBytes: totalmem(),
    }
  },
})

async function encodeStage(
  tasks: RunTasks,
  encoder: Encoder,
  costs: readonly RunCosts[],
  model: ResolvedEncoder,
): Promise<StageCost> {
  let texts = 0
  let characters = 0
  let tokens = 0
  const add = async (all: Iterable<string>, role: 'query' | 'document') => {
    for (const portion of portionsOf(all, ENCODED_AT_ONCE)) {
      const rows = (await encoder.missing?.(portion, role)) ?? portion.map((_, row) => row)
      texts += rows.length
      const missing = rows.map((row) => portion[row])
      characters += charactersRead(missing)
      if (model.kind === 'remote') for (const text of missing) tokens += estimateTokens(model, text, role)
    }
  }
  const chosen = [...tasks.seen, ...tasks.unseen]
  for (const collection of tasks.collections) {
    const { texts: queries } = collection.queries
    await add(collection.documents.texts, 'document')
    const ours = chosen.filter((task) => task.collection === collection)
    const asked = askedQueries({ collection, tasks: ours, trained: tasks.seen })
    await add(
      asked.map((row) => queries[row]),
      'query',
    )
  }
  if (texts === 0) return { stage: 'encode', work: 'all texts are in the cache', seconds: 0, source: null }
  const measured = costs.find((one) => one.encoder === encoder.id && one.charactersPerSecond !== null)
  return {
    stage: 'encode',
    work: model.kind === 'remote' ? remoteCost(model, texts, tokens).words : plural(texts, 'text'),
    seconds: measured ? characters / measured.charactersPerSecond! : null,
    source: sourceOf(measured),
  }
}

/** Networks queue for their processes in their order. */
function trainStage(
  systems: readonly { steps: number; seconds: number | null; measured: RunCosts | null }[],
  count: number,
): StageCost {
  const processes = new Array<number>(count).fill(0)
  for (const { seconds } of systems) {
    const free = processes.indexOf(Math.min(...processes))
    processes[free] += seconds ?? 0
  }
  const known = systems.every(({ seconds }) => seconds !== null)
  const steps = [...new Set(systems.map((one) => one.steps))].map((count) => count.toLocaleString('en'))
  return {
    stage: 'train',
    work: `${plural(systems.length, 'network')} of ${steps.join(' and ')} steps`,
    seconds: known ? Math.max(...processes) : null,
    source: known ? sourceOf(systems[0]?.measured) : null,
  }
}

function evaluateStage(tasks: RunTasks, costs: readonly RunCosts[]): StageCost {
  const measured = costs.find(({ pairsPerSecond }) => pairsPerSecond !== null)
  return {
    stage: 'evaluate',
    work: plural(tasks.seen.length + tasks.unseen.length, 'task'),
    seconds: measured ? rankedPairs(tasks.seen, tasks.unseen) / measured.pairsPerSecond! : null,
    source: sourceOf(measured),
  }
}

function sourceOf(measured: RunCosts | null | undefined): StageCost['source'] {
  return measured ? { run: measured.run, at: measured.at } : null
}

function sumOf(seconds: readonly (number | null)[]): number | null {
  return seconds.every((one) => one !== null) ? seconds.reduce((sum, one) => sum + one, 0) : null
}

function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

declare module '../operation' {
  interface Operations {
    'estimate-cost': typeof estimateCost
  }
}
