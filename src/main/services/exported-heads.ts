import { HydraError } from '../../shared/errors'
import type { ExportedHead } from '../../shared/schemas/exporting/exported-head'
import { describeHead } from '../engine/exporting/describe-head'
import { listExportedFiles } from '../workspace/runs/exported-files'
import { listRuns } from '../workspace/runs/run-folder'

/** More than this nobody reads in a list. */
const MOST_HEADS = 200

/** Heads that were exported into the folders of their runs, newest first. A file that is none, or damaged, is passed over. */
export async function exportedHeads(workspace: string): Promise<ExportedHead[]> {
  const runs = (await listRuns(workspace)).map(({ id }) => id)
  const files = await listExportedFiles(workspace, runs, '.safetensors')
  const heads: ExportedHead[] = []
  for (const { run, file, path, writtenAt } of files.slice(0, MOST_HEADS)) {
    try {
      const { origin, bytes, shape, documents } = await describeHead(path)
      const { dataset, card, encoder, encoderSha256, handedOut, parity } = origin
      const said = { dataset, card, encoder, encoderSha256, handedOut: handedOut?.words, parity }
      heads.push({
        run,
        file,
        path,
        writtenAt: writtenAt.toISOString(),
        bytes,
        shape: [...shape],
        documents,
        ...said,
      })
    } catch (error) {
      if (!(error instanceof HydraError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return heads
}
