import { readRun } from '../../workspace/run-folder'
import type { ServiceContext } from '../service-context'
import { procedures } from './implement-contract'

export function exportingProcedures({ workspace, session, version }: ServiceContext) {
  const { exporting } = procedures
  return {
    head: exporting.head.handler(async ({ input, signal }) => {
      await readRun(workspace, input.run)
      return session.request('export-head', { ...input, version }, signal)
    }),
    apply: exporting.apply.handler(({ input, signal }) => session.request('apply-head', input, signal)),
  }
}
