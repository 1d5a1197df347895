import { join } from 'node:path'
import { z } from 'zod'
import {
  comparisonRequestSchema,
  type ResolvedComparisonRequest,
  reportRequestSchema,
  writtenReportSchema,
} from '../../../shared/schemas/comparison'
import { readDatasetRecord } from '../../engine/datasets/dataset-record'
import { htmlReport } from '../../engine/reporting/page/html-report'
import type { ReportedDataset } from '../../engine/reporting/page/reported-run'
import { writeFileAtomic } from '../../files/atomic-write'
import { readLintReport } from '../../workspace/lint-report'
import { workspacePaths } from '../../workspace/paths'
import { defineOperation, type OperationContext } from '../operation'
import { compareTables, openTables } from './compare-tables'
import { furtherTables } from './further-tables'
import { mtebFiles } from './mteb-files'
import type { ScoredTable } from './scored-table'

export const writeReport = defineOperation({
  name: 'write-report',
  input: reportRequestSchema,
  output: writtenReportSchema,
  session: true,
  async run(request, { workspace, now }) {
    const tables = await openTables(workspace, request)
    const datasets = await scoredDatasets(workspace, tables)
    if (request.format === 'mteb') {
      const records = new Map(datasets.map(({ record }) => [record.id, record]))
      const { files, notes } = mtebFiles(tables, request.rows, records)
      const written = [...files].map(([path, text]) => [join(request.out, path), text] as const)
      return { ...(await writeFiles(written)), notes: [...notes] }
    }
    const page = await reportPage(tables, datasets, request, { workspace, now })
    return { ...(await writeFiles([[request.out, page]])), notes: [] }
  },
})

/** The same page as text, for a window that saves it where the person sits. */
export const reportText = defineOperation({
  name: 'report-page',
  input: comparisonRequestSchema,
  output: z.strictObject({ html: z.string() }),
  session: true,
  async run(request, context) {
    const tables = await openTables(context.workspace, request)
    const datasets = await scoredDatasets(context.workspace, tables)
    return { html: await reportPage(tables, datasets, request, context) }
  },
})

declare module '../operation' {
  interface Operations {
    'write-report': typeof writeReport
    'report-page': typeof reportText
  }
}

async function reportPage(
  tables: readonly ScoredTable[],
  datasets: readonly ReportedDataset[],
  request: ResolvedComparisonRequest,
  { workspace, now }: Pick<OperationContext, 'workspace' | 'now'>,
): Promise<string> {
  const comparisons = [compareTables(tables, request)]
  for (const choice of furtherTables(tables, request)) {
    comparisons.push(compareTables(await openTables(workspace, { ...request, ...choice }), request))
  }
  return htmlReport({
    comparisons,
    runs: tables.map(({ run, verdict }) => ({ run, verdict })),
    datasets,
    writtenAt: now(),
  })
}

/** The runs' datasets, without those whose data is gone or another one by now. */
async function scoredDatasets(workspace: string, tables: readonly ScoredTable[]): Promise<ReportedDataset[]> {
  const hashes = new Map(
    tables.flatMap(({ run }) => run.datasets.map(({ id, sha256 }) => [id, sha256] as const)),
  )
  const found: ReportedDataset[] = []
  for (const [id, sha256] of hashes) {
    const record = await readDatasetRecord(workspacePaths(workspace).dataset(id)).catch(() => null)
    if (record?.sha256 !== sha256) continue
    const lint = await readLintReport(workspace, id).catch(() => null)
    found.push({ record, lint: lint?.sha256 === sha256 ? lint : null })
  }
  return found
}

async function writeFiles(texts: readonly (readonly [path: string, text: string])[]) {
  for (const [path, text] of texts) await writeFileAtomic(path, text)
  return {
    files: texts.map(([path]) => path),
    bytes: texts.reduce((sum, [, text]) => sum + Buffer.byteLength(text), 0),
  }
}
