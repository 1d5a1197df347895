import { HydraError } from '../../../shared/errors'
import { HEADLINE_MEASURES } from '../../../shared/ladder'
import type { LeftOutUnitsRequest, ReadSweepRequest, Sweep } from '../../../shared/schemas/runs/sweep'
import { leftOutTables } from '../../engine/reporting/left-out'
import { checkTraining } from '../check-training'
import { requireWriter } from '../require-writer'
import { resumeRun } from '../runs/resume-run'
import { startTraining } from '../runs/start-training'
import type { ServiceContext } from '../service-context'
import { backendChoice } from '../system/backend-choice'
import { type DrivenRuns, driveRuns } from './drive-runs'
import { groundsReader, matchRuns } from './find-runs'
import { leftOutUnits } from './left-out-units'
import { type PlannedRun, planSweep, settingsText } from './plan-sweep'
import { fits, thisMachine, usualWorkers } from './room'

/** Sweeps of this host: what is left of them to do, while it is done. What they have done is looked up among the runs. */
export function openSweeps(context: ServiceContext) {
  const driven = new Map<string, DrivenRuns>()
  const backends = backendChoice(context)

  async function look(request: ReadSweepRequest) {
    const plan = planSweep(request)
    const groundsOf = groundsReader(context)
    const wanted = await Promise.all(
      plan.runs.map(async (run) => ({ ...run, grounds: await groundsOf(run.request) })),
    )
    return { ...plan, found: matchRuns(await context.runIndex.rows(), wanted) }
  }

  async function memoryOf({ request }: PlannedRun): Promise<number | null> {
    const backend = await backends.choose(request)
    return (await context.session.request('estimate-cost', { request, backend })).memoryBytes
  }

  return {
    /** Begins what is not done, and goes on with what can go on. A sweep that is on its way is left alone. */
    async start(request: ReadSweepRequest, workers = usualWorkers(thisMachine())) {
      requireWriter(context)
      const { id, runs, found } = await look(request)
      const open = runs.filter(({ key }) => found.get(key)?.state !== 'done')
      if (driven.get(id)?.over ?? true) {
        await checkRuns(context, open)
        const machine = thisMachine()
        const memory = new Map<number, number | null>()
        /** Runs of one point take the same; what nobody has measured is asked again when another run has ended. */
        const measured = async (run: PlannedRun) => {
          const known = memory.get(run.point) ?? (await memoryOf(run))
          memory.set(run.point, known)
          return known
        }
        const sweep = driveRuns({
          runs: open,
          hasRoom: async (next, beside) =>
            beside.length < workers && fits(await Promise.all([...beside, next].map(measured)), machine),
          begin: async ({ key, point, request: one }) => {
            const before = found.get(key)
            const settings = settingsText(request.points[point].settings)
            const { job } = before
              ? await resumeRun(context, before.id, id)
              : await startTraining(context, one, { id, settings })
            return job
          },
          jobEnded: (job) => context.queue.ended(job),
          pauseJob: (job) => context.queue.pause(job),
        })
        driven.set(id, sweep)
      }
      return { id, asked: runs.length, done: runs.length - open.length, workers }
    },

    /** Resolves when nothing of it runs any more. Throws what kept a run from beginning. */
    ended: (id: string): Promise<void> => driving(id).ended,

    pause: (id: string): Promise<void> => driving(id).pause(),

    /** What leaves out one unit after the other of these tasks. */
    units: (request: LeftOutUnitsRequest) => leftOutUnits(context, request),

    /** Ids of those of its runs that are done, in the order in which they are asked. */
    async doneRuns(request: ReadSweepRequest): Promise<string[]> {
      const { runs, found } = await look(request)
      return runs.flatMap(({ key }) => {
        const run = found.get(key)
        return run?.state === 'done' ? [run.id] : []
      })
    },

    /** As its runs stand now. */
    async show(request: ReadSweepRequest): Promise<Sweep> {
      const { id, runs, found } = await look(request)
      const points = request.points.map(({ settings }, place) => ({
        settings,
        runs: runs
          .filter(({ point }) => point === place)
          .map(({ request: { seed, splitSeed }, key }) => {
            const run = found.get(key)
            const shown = run && { id: run.id, state: run.state, reason: run.reason, tasks: run.tasks }
            return { seed, splitSeed, run: shown ?? null }
          }),
      }))
      const done = points.map((point) =>
        point.runs.flatMap(({ run }) => (run?.state === 'done' ? [run.id] : [])),
      )
      const { tables } = await context.session.request('tabulate-sweep', { points: done })
      const leftOut = request.leaveOut ? { leftOut: leftOutTables(tables, HEADLINE_MEASURES[0]) } : {}
      return { version: 1, id, asked: runs.length, done: done.flat().length, points, tables, ...leftOut }
    },

    async close(): Promise<void> {
      await Promise.all([...driven.values()].map((sweep) => sweep.pause()))
    },
  }

  function driving(id: string): DrivenRuns {
    const sweep = driven.get(id)
    if (sweep) return sweep
    throw new HydraError('JOB_UNKNOWN', {
      expected: 'a sweep that this host has started',
      got: JSON.stringify(id),
      remedy: 'Start it again: runs that are there are not made again.',
      command: 'hydra sweep',
    })
  }
}

/** All that is wrong with a request shows before the first run is made; what a split leaves to train is asked once for each split. */
async function checkRuns(context: ServiceContext, runs: readonly PlannedRun[]): Promise<void> {
  const points = new Map(runs.map((run) => [run.point, run]))
  for (const { request } of points.values()) await checkTraining(context, request)
  const largest = new Map<string, PlannedRun>()
  for (const run of runs) {
    const { tasks, unseen, holdOut, ruleClusters, splitSeed, trained = 0 } = run.request
    const split = JSON.stringify([tasks, unseen, holdOut, ruleClusters, splitSeed])
    if (trained > (largest.get(split)?.request.trained ?? 0)) largest.set(split, run)
  }
  for (const { request } of largest.values()) await context.session.request('split-tasks', request)
}

export type Sweeps = ReturnType<typeof openSweeps>
