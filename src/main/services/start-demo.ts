import type { RunRecord } from '../../shared/schemas/run'
import type { ServiceContext } from './service-context'
import { startJob } from './start-job'

/** Both runs in one job, the one under the stricter rule first: it is the one to quote. */
export function startDemo(
  context: ServiceContext,
  { id: run }: RunRecord,
  { id: beside }: RunRecord,
): { job: string; runs: string[] } {
  const title = 'Demo: cards that were never trained'
  return startJob(context, { kind: 'demo', title, runs: [run, beside] }, 'demo', { run, beside })
}
