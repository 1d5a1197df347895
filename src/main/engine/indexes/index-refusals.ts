import { HydraError } from '../../../shared/errors'
import type { IndexManifest } from '../../../shared/schemas/indexes'

/** Of a push whose vectors have another width than what lies there. */
export function widthMismatch(there: number, came: number): HydraError {
  return new HydraError('INDEX_MISMATCH', {
    expected: `vectors ${there} wide, as they lie in the index`,
    got: `vectors ${came} wide`,
    remedy: 'Drop the index, or push under another name. Nothing was changed.',
    command: 'hydra index drop NAME',
  })
}

/** @throws INDEX_CHANGED where somebody else has finished a push since this one began */
export function requireNext(before: IndexManifest | null, next: IndexManifest): void {
  const generation = before?.generation ?? 0
  if (generation !== next.generation - 1) throw changedMeanwhile(next.generation - 1, generation)
}

export function changedMeanwhile(expected: number, got: number): HydraError {
  return new HydraError('INDEX_CHANGED', {
    expected: `the index as this push found it, of generation ${expected}`,
    got: `generation ${got}`,
    remedy: 'Push again: what the other push has sent is not sent twice. One writer at a time is quicker.',
    command: 'hydra index push',
  })
}
