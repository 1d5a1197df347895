import { readRun } from '../../workspace/runs/run-folder'
import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'

export function exportingProcedures({ workspace, session }: ServiceContext) {
  const { exporting } = procedures
  return {
    head: exporting.head.handler(async ({ input, signal }) => {
      const { run, choice, dataset, out } = input
      await readRun(workspace, run)
      return session.request('export-head', { run, choice, dataset, out }, signal)
    }),
    apply: exporting.apply.handler(({ input, signal }) => session.request('apply-head', input, signal)),
  }
}
