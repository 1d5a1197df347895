import { readDatasetRecord } from '../../engine/datasets/dataset-record'
import type { ExportBackground } from '../../engine/exporting/export-readme'
import { workspacePaths } from '../../workspace/paths'
import { readRun } from '../../workspace/runs/run-folder'
import { readVerdict } from '../../workspace/runs/run-results'

/** What a README says of the run; datasets that are gone, or other ones by now, are left out. */
export async function exportBackground(id: string, workspace: string): Promise<ExportBackground> {
  const run = await readRun(workspace, id)
  const records = await Promise.all(
    run.datasets.map(async ({ id: dataset, sha256 }) => {
      const record = await readDatasetRecord(workspacePaths(workspace).dataset(dataset)).catch(() => null)
      return record?.sha256 === sha256 ? record : null
    }),
  )
  return {
    run,
    verdict: await readVerdict(workspace, id),
    datasets: records.filter((record) => record !== null),
  }
}
