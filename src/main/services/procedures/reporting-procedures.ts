import { configurationOf, differingSettings } from '../../engine/reporting/differing-settings'
import { publishedFigures } from '../../engine/reporting/published-figures'
import { readRun } from '../../workspace/runs/run-folder'
import { readVerdict } from '../../workspace/runs/run-results'
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
    differs: reporting.differs.handler(async ({ input }) => {
      const runs = await Promise.all(input.runs.map((run) => readRun(workspace, run)))
      return differingSettings(runs.map(configurationOf))
    }),
    queries: reporting.queries.handler(async ({ input, signal }) => {
      for (const { run } of [input.a, input.b]) await readRun(workspace, run)
      return session.request('compare-queries', input, signal)
    }),
    rankings: reporting.rankings.handler(async ({ input, signal }) => {
      for (const { run } of [input.a, input.b]) await readRun(workspace, run)
      return session.request('query-rankings', input, signal)
    }),
    published: reporting.published.handler(async ({ input }) => {
      const run = await readRun(workspace, input.id)
      const verdict = await readVerdict(workspace, run.id)
      return verdict ? publishedFigures(run, verdict) : []
    }),
    page: reporting.page.handler(async ({ input, signal }) => {
      for (const run of input.runs) await readRun(workspace, run)
      return session.request('report-page', input, signal)
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
