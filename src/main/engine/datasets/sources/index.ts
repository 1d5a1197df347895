import { collectSpecs, findSpec } from '../../registry/registry'
import type { SourceSpec } from './source-spec'

/** Every source that a file of this folder exports. */
export const sources = collectSpecs<SourceSpec>(import.meta.glob(['./*.ts', '!./*.d.ts'], { eager: true }))

export function findSource(name: string): SourceSpec {
  return findSpec('source', sources, name)
}

export function isSource(name: string): boolean {
  return sources.some((source) => source.name === name)
}
