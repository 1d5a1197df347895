import { type ErrorCode, HydraError } from '../../../shared/errors'
import type { RunRecord } from '../../../shared/schemas/run'
import { backends } from '../../engine/training/backends'
import type { StepTimes } from '../../engine/training/backends/fastest-first'
import { missingPackages } from '../../engine/training/backends/missing-packages'
import type { OperationContext } from '../operation'
import { taskQueue } from '../training/task-queue'
import type { TrainedSystem } from '../training/trained-systems'
import { trainingThreads } from '../training/training-processes'
import { keepStepTimes, readStepTimes, type StepConfiguration } from './step-times'

/** What is measured: a network of a request, and what its times are kept by. */
interface Measured {
  readonly request: RunRecord['request']
  readonly system: TrainedSystem
  /** d of the encoder */
  readonly dimensions: number
  readonly configuration: StepConfiguration
  /** Version of the workbench. */
  readonly app: string
}

/** Fewer steps than this are over before they are measured. */
const WORTH_MEASURING = 200
/** A backend that ends so is none of those that a training could use. */
const REFUSED: readonly ErrorCode[] = [
  'BACKEND_UNAVAILABLE',
  'DEVICE_LOST',
  'DEVICE_MEMORY',
  'WORKER_CRASHED',
]

/** Two that measure at once would measure each other. */
const inTurn = taskQueue(1)

/** One after another, each in a process of its own: some seconds of steps on each of these backends; kept for the next time. */
export function measureSteps(
  measured: Measured,
  among: readonly string[],
  context: OperationContext,
): Promise<StepTimes> {
  return inTurn(() => measureEach(measured, among, context))
}

async function measureEach(
  { request, system, dimensions, configuration, app }: Measured,
  among: readonly string[],
  context: OperationContext,
): Promise<StepTimes> {
  const times: Record<string, number> = {}
  for (const backend of among) {
    try {
      const input = { request, system, backend, dimensions, threads: trainingThreads() }
      const { millisecondsPerStep } = await context.fork('sample-steps', input, { alone: true })
      times[backend] = millisecondsPerStep
    } catch (error) {
      if (!(error instanceof HydraError) || !REFUSED.includes(error.code)) throw error
    }
  }
  await keepStepTimes(context.workspace, { app, at: context.now() }, configuration, times)
  return times
}

/**
 * By what a run chooses its backend, where that is left to it: what was measured of its configuration, or is measured now
 * where a backend that was added works here; nothing where there is no choice, as in a fresh clone.
 */
export function stepTimesOfRun(
  measured: Measured,
  steps: number,
  context: OperationContext,
): Promise<StepTimes> {
  return inTurn(async () => {
    const known = await readStepTimes(context.workspace, measured.app, measured.configuration)
    if (known) return known.times
    const added = backends.filter((spec) => spec.from !== null && missingPackages(spec).length === 0)
    if (steps < WORTH_MEASURING || added.length === 0) return {}
    const times = await measureEach(measured, namesOf(added), context)
    if (Object.keys(times).length === 0) return {}
    const [usual] = namesOf(backends.filter(({ from }) => from === null))
    return { ...times, ...(await measureEach(measured, [usual], context)) }
  })
}

function namesOf(specs: readonly { readonly name: string }[]): string[] {
  return specs.map(({ name }) => name)
}
