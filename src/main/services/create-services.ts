import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JobQueue } from '../jobs/job-queue'
import { OperationSession } from '../jobs/operation-session'
import { cardProcedures } from './card-procedures'
import { datasetProcedures } from './dataset-procedures'
import { evaluationProcedures } from './evaluation-procedures'
import { exportingProcedures } from './exporting-procedures'
import { jobProcedures } from './job-procedures'
import { modelProcedures } from './model-procedures'
import { playgroundProcedures } from './playground-procedures'
import { procedures } from './procedures'
import { registryProcedures } from './registry-procedures'
import { reportingProcedures } from './reporting-procedures'
import { runProcedures } from './run-procedures'
import { searchProcedures } from './search-procedures'
import type { HostKind, ServiceContext, WorkspaceMode } from './service-context'
import { systemProcedures } from './system-procedures'
import { teacherProcedures } from './teacher-procedures'
import { trainingProcedures } from './training-procedures'

export interface ServiceOptions {
  readonly workspace: string
  /** The application's own folder: resources/ and out/ lie in it. */
  readonly appRoot: string
  readonly host: HostKind
  readonly mode: WorkspaceMode
  readonly now: () => Date
  /** Script of the worker processes, where it is not the built one. */
  readonly workerScript?: string
}

export type Services = Awaited<ReturnType<typeof createServices>>
export type ServiceRouter = Services['router']

/** The engine behind the contract, the same for all three hosts. Takes no lock: see openWorkbench. */
export async function createServices(options: ServiceOptions) {
  const { workspace, appRoot, host, mode, now } = options
  const queue = new JobQueue({ workspace, now })
  const session = new OperationSession({ workspace, appRoot, script: options.workerScript })
  const context: ServiceContext = {
    workspace,
    appRoot,
    host,
    mode,
    now,
    queue,
    session,
    version: await readVersion(appRoot),
    workerScript: options.workerScript,
  }
  const router = procedures.router({
    system: systemProcedures(context),
    datasets: datasetProcedures(context),
    cards: cardProcedures(context),
    jobs: jobProcedures(context),
    runs: runProcedures(context),
    registries: registryProcedures(),
    training: trainingProcedures(context),
    evaluation: evaluationProcedures(context),
    reporting: reportingProcedures(context),
    search: searchProcedures(context),
    playground: playgroundProcedures(context),
    exporting: exportingProcedures(context),
    teachers: teacherProcedures(context),
    models: modelProcedures(context),
  })
  return {
    router,
    /** Cancels what runs and waits until its processes are gone. */
    async close(): Promise<void> {
      await Promise.all([queue.close(), session.close()])
    },
  }
}

async function readVersion(appRoot: string): Promise<string> {
  return JSON.parse(await readFile(join(appRoot, 'package.json'), 'utf8')).version
}
