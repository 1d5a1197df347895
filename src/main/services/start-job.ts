import { runOperation } from '../jobs/processes/operation-process'
import type { JobRequest } from '../jobs/queue/job-queue'
import type { OperationInput, OperationName } from '../pipeline/operation'
import type { ServiceContext } from './service-context'

/** Queues one operation as a job; answers with the job's id and the runs that it writes. */
export function startJob<Name extends OperationName>(
  context: ServiceContext,
  job: Pick<JobRequest, 'kind' | 'title' | 'runs' | 'together'>,
  name: Name,
  input: OperationInput<Name>,
): { job: string; runs: string[] } {
  const { workspace, appRoot, workerScript: script } = context
  const record = context.queue.start({
    ...job,
    work: (stops) => runOperation(name, input, { workspace, appRoot, script, ...stops }),
  })
  return { job: record.id, runs: record.runs }
}
