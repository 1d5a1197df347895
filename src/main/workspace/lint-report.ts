import { type LintReport, lintReportSchema } from '../../shared/schemas/lint'
import { readJson, writeJsonAtomic } from '../files/atomic-write'
import { workspacePaths } from './paths'

export function writeLintReport(workspace: string, report: LintReport): Promise<void> {
  return writeJsonAtomic(workspacePaths(workspace).lintReport(report.dataset), lintReportSchema.parse(report))
}

/** What the linter last said of a dataset of the workspace. */
export function readLintReport(workspace: string, dataset: string): Promise<LintReport> {
  return readJson(workspacePaths(workspace).lintReport(dataset), lintReportSchema)
}
