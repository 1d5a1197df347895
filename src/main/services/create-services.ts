import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperationSession } from '../jobs/processes/operation-session'
import { JobQueue } from '../jobs/queue/job-queue'
import { openPreparations } from './preparations'
import { cardProcedures } from './procedures/card-procedures'
import { datasetProcedures } from './procedures/dataset-procedures'
import { evaluationProcedures } from './procedures/evaluation-procedures'
import { exportingProcedures } from './procedures/exporting-procedures'
import { procedures } from './procedures/implement-contract'
import { indexProcedures } from './procedures/index-procedures'
import { jobProcedures } from './procedures/job-procedures'
import { modelProcedures } from './procedures/model-procedures'
import { playgroundProcedures } from './procedures/playground-procedures'
import { registryProcedures } from './procedures/registry-procedures'
import { reportingProcedures } from './procedures/reporting-procedures'
import { reproductionProcedures } from './procedures/reproduction-procedures'
import { runProcedures } from './procedures/run-procedures'
import { sweepProcedures } from './procedures/sweep-procedures'
import { systemProcedures } from './procedures/system-procedures'
import { teacherProcedures } from './procedures/teacher-procedures'
import { trainingProcedures } from './procedures/training-procedures'
import { RunIndex } from './runs/run-index'
import type { HostKind, OtherWorkspaces, ServiceContext, WorkspaceMode } from './service-context'
import { openAgreedServing } from './serving/agreed-serving'
import type { ServedOptions } from './serving/serving'
import { openSweeps } from './sweeps/sweeps'
import { hostLog, logJobs } from './system/host-log'

export interface ServiceOptions {
  readonly workspace: string
  /** The application's own folder: resources/ and out/ lie in it. */
  readonly appRoot: string
  readonly host: HostKind
  readonly mode: WorkspaceMode
  readonly now: () => Date
  /** Shows a file in its folder, where there is a desktop. */
  readonly reveal?: (path: string) => void
  readonly workspaces?: OtherWorkspaces
  /** Script of the worker processes, where it is not the built one. */
  readonly workerScript?: string
}

type Services = Awaited<ReturnType<typeof createServices>>
export type ServiceRouter = Services['router']

/** The engine behind the contract, the same for all three hosts. Takes no lock: see openWorkbench. */
export async function createServices(options: ServiceOptions) {
  const { workspace, appRoot, host, mode, now } = options
  const queue = new JobQueue({ workspace, now })
  const session = new OperationSession(
    { workspace, appRoot, script: options.workerScript },
    // A service keeps its encoder and heads open however quiet a night is.
    host === 'api' ? { idleMs: null } : {},
  )
  const runIndex = new RunIndex({
    workspace,
    keeps: mode === 'write',
    queue,
    figuresOf: async (runs) => (await session.request('summarise-runs', { runs })).figures,
  })
  const context: ServiceContext = {
    workspace,
    appRoot,
    host,
    mode,
    now,
    queue,
    session,
    preparations: openPreparations(),
    reveal: options.reveal,
    workspaces: options.workspaces,
    runIndex,
    version: await readVersion(appRoot),
    workerScript: options.workerScript,
  }
  const closing = new AbortController()
  hostLog.add('info', `Workbench ${context.version} on ${workspace}, opened to ${mode} by the ${host} host.`)
  void logJobs(queue.changes(closing.signal))
  const sweeps = openSweeps(context)
  const router = procedures.router({
    system: systemProcedures(context),
    datasets: datasetProcedures(context),
    cards: cardProcedures(context),
    jobs: jobProcedures(context),
    runs: runProcedures(context),
    registries: registryProcedures(),
    training: trainingProcedures(context),
    sweeps: sweepProcedures(sweeps),
    reproductions: reproductionProcedures(context, sweeps),
    evaluation: evaluationProcedures(context),
    reporting: reportingProcedures(context),
    playground: playgroundProcedures(context),
    exporting: exportingProcedures(context),
    indexes: indexProcedures(context),
    teachers: teacherProcedures(context),
    models: modelProcedures(context),
  })
  return {
    router,
    version: context.version,
    serving: (served: ServedOptions) => openAgreedServing(context, served),
    /** Pauses sweeps, cancels what else runs, and waits until their processes are gone. */
    async close(): Promise<void> {
      closing.abort()
      await sweeps.close()
      await Promise.all([queue.close(), session.close(), runIndex.close()])
    },
  }
}

async function readVersion(appRoot: string): Promise<string> {
  return JSON.parse(await readFile(join(appRoot, 'package.json'), 'utf8')).version
}
