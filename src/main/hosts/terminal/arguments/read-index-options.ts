import { readVariant } from './read-variant'
import { usageError } from './usage-error'

/** Options of an index engine after --set: which there are, the engine says. */
export async function readIndexOptions(
  engine: string | undefined,
  set: readonly string[] = [],
): Promise<Record<string, unknown>> {
  if (engine === undefined) {
    if (set.length > 0)
      throw usageError('--engine with --set: its options are meant', `--set ${set[0]} alone`)
    return {}
  }
  const { indexEngines: registry } = await import('../../../engine/indexes/engines')
  return readVariant({ kind: 'index', registry, example: 'heldMegabytes=512' }, engine, set)
}
