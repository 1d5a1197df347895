import { z } from 'zod'
import { indexEngines } from '../../engine/indexes/engines'
import type { IndexStore } from '../../engine/indexes/index-engine'
import { findSpec, parseOptions } from '../../engine/registry/registry'
import { indexDataFolder } from '../../workspace/index-files'

/** An index with its engine and all that reaches it, as services settle it before an operation starts. */
export const reachedIndex = z.strictObject({
  name: z.string(),
  engine: z.string(),
  options: z.record(z.string(), z.unknown()),
})
export type ReachedIndex = z.infer<typeof reachedIndex>

/** Reaches an index; its engine's client is loaded here, and only here. */
export function openIndex(workspace: string, { name, engine, options }: ReachedIndex): Promise<IndexStore> {
  const spec = findSpec('index', indexEngines, engine)
  const folder = indexDataFolder(workspace, engine, name)
  return spec.open({ name, folder }, parseOptions('index', spec, options))
}
