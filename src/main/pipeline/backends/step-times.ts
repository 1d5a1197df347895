import { createHash } from 'node:crypto'
import { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import type { Recipe, TrainRequest } from '../../../shared/schemas/run'
import { installedVersion } from '../../engine/registry/installed-package'
import { backends } from '../../engine/training/backends'
import type { StepTimes } from '../../engine/training/backends/fastest-first'
import { readJson, writeJsonAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import { stepShape, thisMachine } from '../training/run-costs'
import type { TrainedSystem } from '../training/trained-systems'

/** Milliseconds a step of one configuration on one backend. */
const stepTimeSchema = z.strictObject({
  backend: z.string(),
  /** sha256 of all that the time of a step follows from but the backend. */
  configuration: z.string(),
  /** What a person calls it: its tasks and preset. */
  words: z.string(),
  machine: z.string(),
  /** Of Node, of what computes, and of the workbench. */
  versions: z.string(),
  at: z.string(),
  millisecondsPerStep: z.number(),
})
type StepTime = z.infer<typeof stepTimeSchema>
const fileSchema = z.strictObject({ version: z.literal(1), times: z.array(stepTimeSchema) })

/** Whose steps are measured. */
export interface StepConfiguration {
  readonly sha256: string
  readonly words: string
}

export interface MeasuredSteps {
  readonly words: string
  /** When the last of them was measured. */
  readonly at: string
  readonly times: StepTimes
}

/** Times kept: those of the last some dozens of configurations. */
const MOST_TIMES = 200
const MOST_WORDS = 80
/** What every backend computes with. */
const SHARED_PACKAGES = ['@tensorflow/tfjs', 'onnxruntime-node']

/**
 * The configuration of a network that a run would train.
 * @param documents of the largest corpus
 */
export function stepConfiguration(options: {
  readonly request: Pick<TrainRequest, 'tasks' | 'preset'>
  readonly recipe: Recipe
  /** The one that is measured. */
  readonly system: TrainedSystem
  readonly seen: readonly string[]
  readonly encoder: string
  readonly documents: number
}): StepConfiguration {
  const { request, recipe, system, seen, encoder, documents } = options
  // One network by itself, whatever else the run trains.
  const shape = stepShape({ recipe, system, systems: 1, tasks: seen.length, encoder, backend: '', documents })
  const tasks = request.tasks.join(', ')
  const named = tasks.length > MOST_WORDS ? `${tasks.slice(0, MOST_WORDS)}…` : tasks
  return {
    sha256: createHash('sha256').update(shape).digest('hex'),
    words: `${named}; ${request.preset ?? 'recommended'}`,
  }
}

/**
 * What was measured of a configuration on this machine, with what is installed on it now; without one, of the last measured.
 * @param app version of the workbench
 */
export async function readStepTimes(
  workspace: string,
  app: string,
  configuration?: Pick<StepConfiguration, 'sha256'>,
): Promise<MeasuredSteps | null> {
  const current = (await readAll(workspace)).filter((one) => isCurrent(one, app))
  const wanted = configuration?.sha256 ?? current.at(-1)?.configuration
  const found = current.filter((one) => one.configuration === wanted)
  const last = found.at(-1)
  if (!last) return null
  return {
    words: last.words,
    at: last.at,
    times: Object.fromEntries(
      found.map(({ backend, millisecondsPerStep }) => [backend, millisecondsPerStep]),
    ),
  }
}

/** In the place of what was measured of it before. */
export async function keepStepTimes(
  workspace: string,
  { app, at }: { readonly app: string; readonly at: Date },
  { sha256, words }: StepConfiguration,
  times: StepTimes,
): Promise<void> {
  const fresh = Object.entries(times).map(
    ([backend, millisecondsPerStep]): StepTime => ({
      backend,
      configuration: sha256,
      words,
      machine: thisMachine(),
      versions: versionsOf(backend, app),
      at: at.toISOString(),
      millisecondsPerStep,
    }),
  )
  const replaced = (one: StepTime) =>
    fresh.some(
      ({ backend, configuration, machine }) =>
        one.backend === backend && one.configuration === configuration && one.machine === machine,
    )
  const kept = (await readAll(workspace)).filter((one) => !replaced(one))
  const file = { version: 1 as const, times: [...kept, ...fresh].slice(-MOST_TIMES) }
  await writeJsonAtomic(workspacePaths(workspace).stepTimes, file)
}

function isCurrent({ machine, backend, versions }: StepTime, app: string): boolean {
  return machine === thisMachine() && versions === versionsOf(backend, app)
}

function versionsOf(backend: string, app: string): string {
  const own = backends.find(({ name }) => name === backend)?.from?.packages ?? []
  const packages = [...SHARED_PACKAGES, ...own]
  const named = packages.map((name) => `${name} ${installedVersion(name) ?? 'none'}`)
  return [`hydra ${app}`, `node ${process.version}`, ...named].join(', ')
}

async function readAll(workspace: string): Promise<readonly StepTime[]> {
  const file = workspacePaths(workspace).stepTimes
  try {
    return (await readJson(file, fileSchema)).times
  } catch (error) {
    // Made anew where it is missing or of another version.
    if (error instanceof HydraError) return []
    throw error
  }
}
