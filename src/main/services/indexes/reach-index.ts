import { HydraError } from '../../../shared/errors'
import type { IndexName, IndexRecord } from '../../../shared/schemas/indexes'
import { nearestIds } from '../../engine/datasets/nearest-ids'
import { indexEngines } from '../../engine/indexes/engines'
import { findSpec, parseOptions } from '../../engine/registry/registry'
import type { ReachedIndex } from '../../pipeline/indexes/open-index'
import { listIndexRecords, readIndexRecord } from '../../workspace/index-files'
import { isSafeId } from '../../workspace/paths'

/** From so many documents on the default is an approximate engine, where one is installed. */
const LARGE = 200_000

/**
 * An index by its name, with the engine and options of its last push. With an engine that has no record of it here, what
 * another workspace pushed is meant.
 */
export async function reachIndex(workspace: string, asked: IndexName): Promise<ReachedIndex> {
  const { name, engine, options } = asked
  requireName(name)
  const record =
    engine === undefined ? await onlyRecord(workspace, name) : await recordOf(workspace, engine, name)
  if (!record && engine === undefined) throw await unknownIndex(workspace, name)
  const reached = {
    name,
    engine: engine ?? (record as IndexRecord).engine,
    options: { ...record?.options, ...options },
  }
  const spec = findSpec('index', indexEngines, reached.engine)
  parseOptions('index', spec, reached.options)
  return reached
}

/** Where a push goes: to the index of that name, or to a new one. */
export async function reachForPush(
  workspace: string,
  asked: { readonly name: string; readonly engine?: string; readonly options: Record<string, unknown> },
  documents: number,
  isInstalled: (name: string) => boolean,
): Promise<ReachedIndex> {
  const { name, engine } = asked
  requireName(name)
  const known = engine === undefined ? await onlyRecord(workspace, name) : null
  return reachIndex(workspace, {
    ...asked,
    engine: engine ?? known?.engine ?? usualEngine(documents, isInstalled),
  })
}

/** @internal */
export function usualEngine(documents: number, isInstalled: (name: string) => boolean): string {
  return documents > LARGE && isInstalled('@lancedb/lancedb') ? 'lancedb' : 'memory'
}

async function recordOf(workspace: string, engine: string, name: string): Promise<IndexRecord | null> {
  findSpec('index', indexEngines, engine)
  return readIndexRecord(workspace, engine, name)
}

async function onlyRecord(workspace: string, name: string): Promise<IndexRecord | null> {
  const found = (await listIndexRecords(workspace)).filter((record) => record.name === name)
  if (found.length <= 1) return found[0] ?? null
  throw new HydraError('USAGE', {
    expected: `the engine of the index ${name}`,
    got: `one of that name in each of ${found.map(({ engine }) => engine).join(', ')}`,
    remedy: 'Say which.',
    command: 'hydra index status NAME --engine ENGINE',
  })
}

function requireName(name: string): void {
  if (isSafeId(name)) return
  throw new HydraError('USAGE', {
    expected: 'a name of letters, digits, dots, dashes and underscores, at most 200 long',
    got: JSON.stringify(name),
    remedy: 'Choose such a name.',
  })
}

async function unknownIndex(workspace: string, name: string): Promise<HydraError> {
  const names = (await listIndexRecords(workspace)).map((record) => record.name)
  return new HydraError('INDEX_UNKNOWN', {
    expected:
      names.length > 0
        ? 'an index that was pushed from this workspace'
        : 'an index of this workspace, which has none yet',
    got: JSON.stringify(name),
    remedy:
      names.length > 0
        ? `Nearest: ${nearestIds(name, names, 3).join(', ')}. One that another workspace pushed is named with its engine.`
        : 'Push a collection first, or name the engine of one that another workspace pushed.',
    command: names.length > 0 ? 'hydra index status' : 'hydra index push --collection ID',
  })
}
