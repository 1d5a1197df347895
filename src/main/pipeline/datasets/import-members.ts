import { HydraError } from '../../../shared/errors'
import type { FamilyMember } from '../../engine/datasets/importing/family/import-family'
import type { OperationContext } from '../operation'
import { noteFindings } from './note-findings'

/** Sees a family in: each corpus that is not sound is told of with its error, and fails the import only where none is sound. */
export async function importMembers(
  members: AsyncIterable<FamilyMember>,
  seed: number,
  context: OperationContext,
): Promise<{ imported: string[]; refused: string[] }> {
  const imported: string[] = []
  const refused: { corpus: string; error: HydraError }[] = []
  for await (const { corpus, outcome } of members) {
    if (outcome instanceof HydraError) {
      refused.push({ corpus, error: outcome })
      const message = `${corpus} is left out: ${outcome.message}`
      const error = outcome.toJSON()
      context.emit({ type: 'log', at: context.now().getTime(), level: 'warning', message, error })
      continue
    }
    imported.push((await noteFindings(outcome, seed, context)).id)
  }
  if (imported.length === 0) throw refused[0].error
  return { imported, refused: refused.map(({ corpus }) => corpus) }
}
