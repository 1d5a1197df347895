import type { DatasetRecord } from '../../../../shared/schemas/dataset'
import type { LintReport } from '../../../../shared/schemas/lint'
import type { RunRecord } from '../../../../shared/schemas/run'
import type { Verdict } from '../../../../shared/schemas/verdict'

export interface ReportedRun {
  readonly run: RunRecord
  readonly verdict: Verdict
}

/** A dataset whose data is still what the runs scored. */
export interface ReportedDataset {
  readonly record: DatasetRecord
  /** What the linter said when it was last asked about this data; null: it was not, beyond the import. */
  readonly lint: LintReport | null
}
