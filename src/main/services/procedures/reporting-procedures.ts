import { readRun } from '../../workspace/run-folder'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'

export function reportingProcedures(context: ServiceContext) {
  const { workspace, session } = context
  const { reporting } = procedures
  return {
    compare: reporting.compare.handler(async ({ input, signal }) => {
      for (const run of input.runs) await readRun(workspace, run)
      return session.request('compare-runs', input, signal)
    }),
    importRun: reporting.importRun.handler(async ({ input, signal }) => {
      requireWriter(context)
      await readRun(workspace, input.run)
      return session.request('import-run', input, signal)
    }),
    write: reporting.write.handler(async ({ input, signal }) => {
      for (const run of input.runs) await readRun(workspace, run)
      return session.request('write-report', input, signal)
    }),
  }
}
