import type { Finding } from '../../../shared/schemas/dataset'
import type { Collection } from '../../engine/datasets/collection'
import { lintNotes, lintQuickly } from '../../engine/protocol/lint-dataset'
import { subjectOf } from '../../engine/protocol/load-subject'
import { workspacePaths } from '../../workspace/paths'
import type { OperationContext } from '../operation'

/** What a run must tell of the data that it uses, from the rules that need no vectors; each is warned of. */
export async function protocolNotes(
  collections: readonly Collection[],
  context: OperationContext,
): Promise<string[]> {
  const found: { dataset: string; findings: readonly Finding[] }[] = []
  for (const collection of collections) {
    const folder = workspacePaths(context.workspace).dataset(collection.id)
    const subject = await subjectOf(collection, folder, context.signal)
    found.push({ dataset: collection.id, findings: await lintQuickly(subject) })
  }
  const notes = lintNotes(found)
  for (const message of notes) {
    context.emit({ type: 'log', at: context.now().getTime(), level: 'warning', message })
  }
  return notes
}
