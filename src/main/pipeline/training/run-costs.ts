import { cpus } from 'node:os'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import type { JobEvent } from '../../../shared/schemas/job'
import type { Recipe, RunRecord } from '../../../shared/schemas/run'
import { listDatasets } from '../../engine/datasets/dataset-record'
import { readJson, writeJsonAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { readEvents } from '../../workspace/runs/run-events'
import { listRuns } from '../../workspace/runs/run-folder'
import { systemRecipe, type TrainedSystem, trainedName, trainedSystems } from './trained-systems'

/** What one run cost: all that the cost of another one is estimated from. */
const runCostsSchema = z.strictObject({
  /** Null: a short measurement, made for the estimate. */
  run: z.string().nullable(),
  at: z.string(),
  machine: z.string(),
  encoder: z.string(),
  backend: z.string(),
  /** By the shape of a step. */
  millisecondsPerStep: z.record(z.string(), z.number()),
  charactersPerSecond: z.number().nullable(),
  pairsPerSecond: z.number().nullable(),
  /** Greatest memory of a process that trains, and of the one that encodes and evaluates; null: not measured. */
  memoryBytes: z.strictObject({ train: z.number(), whole: z.number() }).nullable(),
})
export type RunCosts = z.infer<typeof runCostsSchema>

const costsFileSchema = z.strictObject({ version: z.literal(1), costs: z.array(runCostsSchema) })

/** Runs looked at: older ones were made with older code. */
const MOST_RUNS = 40
/** Nobody makes a step for so long, ms: the run was paused or the machine slept. */
const LONGEST_STEP = 60_000
/** Of less than this a rate says more of start-up than of work, seconds. */
const SHORTEST = 1

/** What a figure is of: the same processor with as many cores. */
export function thisMachine(): string {
  return machineName({ cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length })
}

function machineName({ cpu, cores }: Pick<RunRecord['machine'], 'cpu' | 'cores'>): string {
  return `${cpu}, ${cores} cores`
}

/**
 * All that the time of one step follows from, as one text: two trainings with the same one take the same a step. Corpora
 * count by their size up to the candidates, within a factor of √2.
 * @param documents of the largest corpus
 */
export function stepShape(options: {
  readonly recipe: Recipe
  readonly system: TrainedSystem
  readonly systems: number
  readonly tasks: number
  readonly encoder: string
  readonly backend: string
  readonly documents: number
}): string {
  const { system, encoder, backend, documents } = options
  const recipe = systemRecipe(options.recipe, system, options.tasks)
  const { generator, head, losses, sampler, side, basis, rank, hidden, conditioning } = recipe
  const { minExamples, maxExamples, tasksPerStep, queriesPerStep, nullCards, wrongCards } = recipe
  const ranked = Math.round(2 * Math.log2(Math.max(2, Math.min(recipe.candidates, documents))))
  const card = system.row === 'no card' || system.row === 'static' ? 'constant' : 'card'
  return JSON.stringify([
    [backend, encoder, Math.min(2, options.systems), card],
    [generator, head, losses, sampler, side, basis, rank, hidden, conditioning],
    [
      minExamples,
      maxExamples,
      tasksPerStep,
      queriesPerStep,
      nullCards.share > 0,
      wrongCards.share > 0,
      ranked,
    ],
  ])
}

/** What finished runs of the workspace cost on this machine, newest first; each run is read once. */
export async function readCosts(workspace: string, machine = thisMachine()): Promise<RunCosts[]> {
  const file = workspacePaths(workspace).costs
  const known = await readJson(file, costsFileSchema).catch((error): z.infer<typeof costsFileSchema> => {
    // Made anew where it is missing or of another version.
    if (error instanceof HydraError) return { version: 1, costs: [] }
    throw error
  })
  const runs = (await listRuns(workspace))
    .filter((run) => run.state === 'done' && run.backend !== null && machineName(run.machine) === machine)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, MOST_RUNS)
  const unread = runs.filter(({ id }) => known.costs.every(({ run }) => run !== id))
  if (unread.length > 0) {
    const sizes = new Map(
      (await listDatasets(workspacePaths(workspace).datasets)).map(({ id, documents }) => [id, documents]),
    )
    for (const run of unread) known.costs.push(costsOf(run, await readEvents(workspace, run.id), sizes))
    await writeJsonAtomic(file, costsFileSchema.parse(known))
  }
  return known.costs.filter((one) => one.machine === machine).sort((a, b) => b.at.localeCompare(a.at))
}

/** Keeps a short measurement beside them. */
export async function keepMeasurement(workspace: string, measured: RunCosts): Promise<void> {
  const costs = await readCosts(workspace, measured.machine)
  const file = { version: 1 as const, costs: [...costs, measured] }
  await writeJsonAtomic(workspacePaths(workspace).costs, file)
}

/** @param sizes documents of the datasets that are there */
export function costsOf(
  run: RunRecord,
  events: readonly JobEvent[],
  sizes: ReadonlyMap<string, number>,
): RunCosts {
  const { recipe, backend, seen, encoder, request } = run
  const documents = run.datasets.map(({ id }) => sizes.get(id))
  const known = documents.every((count) => count !== undefined) ? Math.max(...documents) : null
  const systems = trainedSystems(request.rows, seen, recipe)
  const millisecondsPerStep: Record<string, number> = {}
  // Backwards, so that of systems of one shape the first one counts.
  for (const system of [...systems].reverse()) {
    const rate = stepTime(events, run.id, trainedName(system))
    if (!recipe || !backend || known === null || rate === null) continue
    const shape = stepShape({
      recipe,
      system,
      systems: systems.length,
      tasks: seen.length,
      encoder: encoder.id,
      backend: backend.id,
      documents: known,
    })
    millisecondsPerStep[shape] = rate
  }
  const of = (stage: string) =>
    events.flatMap((event) =>
      event.type === 'cost' && event.run === run.id && event.stage === stage ? [event] : [],
    )
  const rate = (stage: string) => {
    const costs = of(stage).filter(({ seconds, work }) => seconds >= SHORTEST && work > 0)
    const seconds = costs.reduce((sum, cost) => sum + cost.seconds, 0)
    return seconds > 0 ? costs.reduce((sum, cost) => sum + cost.work, 0) / seconds : null
  }
  const memory = (...stages: string[]) =>
    Math.max(0, ...stages.flatMap((stage) => of(stage).map(({ memoryBytes }) => memoryBytes)))
  const train = memory('train')
  return {
    run: run.id,
    at: run.endedAt ?? run.createdAt,
    machine: machineName(run.machine),
    encoder: encoder.id,
    backend: backend?.id ?? '',
    millisecondsPerStep,
    charactersPerSecond: rate('encode'),
    pairsPerSecond: rate('evaluate'),
    memoryBytes: train > 0 ? { train, whole: memory('encode', 'evaluate') } : null,
  }
}

/** Milliseconds a step of one network, dev measures included, or null where too few were made. */
function stepTime(events: readonly JobEvent[], run: string, arm: string): number | null {
  let before: { at: number; step: number } | null = null
  let time = 0
  let steps = 0
  for (const event of events) {
    if (event.type !== 'loss' || event.run !== run || event.arm !== arm) continue
    const made = before ? event.step - before.step : 0
    const took = before ? event.at - before.at : 0
    if (made > 0 && took / made < LONGEST_STEP) {
      time += took
      steps += made
    }
    before = event
  }
  return steps > 0 ? time / steps : null
}
