import { join } from 'node:path'
import type { DatasetRecord } from '../../../shared/schemas/dataset'
import { lintQuickly } from '../../engine/protocol/lint-dataset'
import { loadSubject } from '../../engine/protocol/load-subject'
import { writeJsonAtomic } from '../../files/atomic-write'
import { workspacePaths } from '../../workspace/paths'
import type { OperationContext } from '../operation'

/** The record of a dataset that was just written, with what the linter's quick rules notice of it; written anew. */
export async function noteFindings(
  record: DatasetRecord,
  seed: number,
  context: OperationContext,
): Promise<DatasetRecord> {
  const paths = workspacePaths(context.workspace)
  const templates = join(context.appRoot, 'resources', 'cards')
  const subject = await loadSubject(paths.dataset(record.id), templates, seed, context.signal)
  const noticed = { ...record, findings: [...(await lintQuickly(subject))] }
  await writeJsonAtomic(paths.datasetRecord(record.id), noticed)
  return noticed
}
