import { join } from 'node:path'
import { isBuiltIn } from '../../../shared/built-in-datasets'
import type { TaskSummary } from '../../../shared/schemas/dataset'
import { listDatasets } from '../../engine/datasets/dataset-record'
import { holdsFamily } from '../../engine/datasets/importing/family/import-family'
import { memoisedPromises } from '../../pipeline/memoised-promises'
import { readLintReport } from '../../workspace/lint-report'
import { workspacePaths } from '../../workspace/paths'
import { readTaskSummaries } from '../dataset-cards'
import { requireDataset } from '../require-dataset'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { startJob } from '../start-job'
import { procedures } from './implement-contract'

/** Datasets whose tasks stay counted, by their hash: the judgments of hundreds of tasks take a second. */
const MOST_SUMMARISED = 32

export function datasetProcedures(context: ServiceContext) {
  const { datasets } = procedures
  const paths = workspacePaths(context.workspace)
  const templates = join(context.appRoot, 'resources', 'cards')
  const summaries = memoisedPromises<TaskSummary[]>(MOST_SUMMARISED)
  return {
    list: datasets.list.handler(() => listDatasets(paths.datasets)),

    show: datasets.show.handler(async ({ input }) => {
      const record = await requireDataset(context.workspace, input.id)
      const tasks = await summaries(`${record.id} ${record.sha256}`, () =>
        readTaskSummaries(paths.dataset(record.id), record, templates),
      )
      return { ...record, tasks }
    }),

    lint: datasets.lint.handler(async ({ input }) => {
      requireWriter(context)
      for (const id of input.datasets) await requireDataset(context.workspace, id)
      const title = `Lint ${input.datasets.join(', ')}`
      return startJob(context, { kind: 'lint', title, runs: [] }, 'lint-datasets', input)
    }),

    lintReport: datasets.lintReport.handler(async ({ input }) => {
      await requireDataset(context.workspace, input.id)
      return readLintReport(context.workspace, input.id)
    }),

    import: datasets.import.handler(async ({ input }) => {
      requireWriter(context)
      const title = `Import ${input.id ?? input.source}`
      if (!isBuiltIn(input.source) && (await holdsFamily(input.source))) {
        const { source, id, seed } = input
        return startJob(context, { kind: 'import', title, runs: [] }, 'import-family', { source, id, seed })
      }
      return startJob(context, { kind: 'import', title, runs: [] }, 'import-dataset', input)
    }),
  }
}
