import { join } from 'node:path'
import { EventPublisher } from '@orpc/server'
import { isBuiltIn } from '../../../shared/built-in-datasets'
import { HydraError } from '../../../shared/errors'
import type { TaskSummary } from '../../../shared/schemas/dataset'
import { listDatasets } from '../../engine/datasets/dataset-record'
import { sourceName } from '../../engine/datasets/importing/dataset-id'
import { holdsFamily } from '../../engine/datasets/importing/family/import-family'
import { isSource } from '../../engine/datasets/sources'
import { resolveGenerator } from '../../engine/encoders/transformers/generator-model'
import { memoisedPromises } from '../../pipeline/memoised-promises'
import { readGeneratedQueries } from '../../workspace/generated-file'
import { readLintReport } from '../../workspace/lint-report'
import { workspacePaths } from '../../workspace/paths'
import { readTaskSummaries } from '../dataset-cards'
import { planImport } from '../datasets/plan-import'
import { bringBackDataset, removeDataset } from '../datasets/remove-dataset'
import { modelRoots } from '../model-roots'
import { requireDataset } from '../require-dataset'
import { requireWriter } from '../require-writer'
import type { ServiceContext } from '../service-context'
import { startJob } from '../start-job'
import { procedures } from './implement-contract'

/** Datasets whose tasks stay counted, by their hash: the judgments of hundreds of tasks take a second. */
const MOST_SUMMARISED = 32

export function datasetProcedures(context: ServiceContext) {
  const { datasets } = procedures
  const { workspace, session } = context
  const paths = workspacePaths(workspace)
  const changed = new EventPublisher<{ dataset: string }>()
  const templates = join(context.appRoot, 'resources', 'cards')
  const summaries = memoisedPromises<TaskSummary[]>(MOST_SUMMARISED)
  return {
    list: datasets.list.handler(() => listDatasets(paths.datasets)),

    show: datasets.show.handler(async ({ input }) => {
      const record = await requireDataset(workspace, input.id)
      const tasks = await summaries(`${record.id} ${record.sha256}`, () =>
        readTaskSummaries(paths.dataset(record.id), record, templates),
      )
      return { ...record, tasks }
    }),

    lint: datasets.lint.handler(async ({ input }) => {
      requireWriter(context)
      for (const id of input.datasets) await requireDataset(workspace, id)
      const title = `Lint ${input.datasets.join(', ')}`
      return startJob(context, { kind: 'lint', title, runs: [] }, 'lint-datasets', input)
    }),

    lintReport: datasets.lintReport.handler(async ({ input }) => {
      await requireDataset(workspace, input.id)
      return readLintReport(workspace, input.id)
    }),

    generate: datasets.generate.handler(async ({ input }) => {
      requireWriter(context)
      await requireDataset(workspace, input.dataset)
      await resolveGenerator(input.generation.model, modelRoots(context))
      const title = `Write queries of ${input.dataset}`
      return startJob(context, { kind: 'generate', title, runs: [] }, 'generate-queries', input)
    }),

    generated: datasets.generated.handler(async ({ input }) => {
      await requireDataset(workspace, input.id)
      return readGeneratedQueries(paths.generatedQueries(input.id))
    }),

    changes: datasets.changes.handler(async ({ signal }) => changed.subscribe('dataset', { signal })),

    planImport: datasets.planImport.handler(({ input }) => planImport(workspace, input)),

    delete: datasets.delete.handler(async ({ input }) => {
      requireWriter(context)
      const removed = await removeDataset(context, input.id)
      changed.publish('dataset', input.id)
      return removed
    }),

    restore: datasets.restore.handler(async ({ input }) => {
      requireWriter(context)
      const dataset = await bringBackDataset(context, input.id)
      changed.publish('dataset', input.id)
      return dataset
    }),

    texts: datasets.texts.handler(async ({ input, signal }) => {
      await requireDataset(workspace, input.id)
      return session.request('dataset-texts', input, signal)
    }),
    text: datasets.text.handler(async ({ input, signal }) => {
      await requireDataset(workspace, input.id)
      return session.request('dataset-text', input, signal)
    }),
    search: datasets.search.handler(async ({ input, signal }) => {
      await requireDataset(workspace, input.id)
      return session.request('dataset-search', input, signal)
    }),
    statistics: datasets.statistics.handler(async ({ input, signal }) => {
      await requireDataset(workspace, input.id)
      return session.request('dataset-statistics', input, signal)
    }),

    import: datasets.import.handler(async ({ input }) => {
      requireWriter(context)
      const title = `Import ${input.id ?? sourceName(input.source)}`
      if (isSource(input.source)) {
        const { documents: _, ...request } = input
        return startJob(context, { kind: 'import', title, runs: [] }, 'import-source', request)
      }
      if (input.from) throw givenForNothing(input.source)
      if (!isBuiltIn(input.source) && (await holdsFamily(input.source))) {
        const { documents: _, from: __, ...request } = input
        return startJob(context, { kind: 'import', title, runs: [] }, 'import-family', request)
      }
      return startJob(context, { kind: 'import', title, runs: [] }, 'import-dataset', input)
    }),
  }
}

function givenForNothing(source: string): HydraError {
  return new HydraError('USAGE', {
    expected: 'published files with the name of a source that is made of them',
    got: `files with ${source}`,
    remedy: 'Name a source, or import the file itself.',
    command: 'hydra list source',
  })
}
