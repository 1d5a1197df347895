import { dot } from '../numeric/matrix'
import { compareHits } from './hit-order'
import type { IndexHit } from './index-engine'

/** Candidates of an engine are more than what is asked for: what its approximation or rounding put behind comes forward again. */
export const SPARE_CANDIDATES = 16

/**
 * The k best of an engine's candidates by exact inner product, summed in float64: whatever an engine computed or compressed,
 * scores and their order are the same for all.
 * @param query [dimensions]
 */
export function rescore(
  query: Float32Array,
  candidates: Iterable<{ readonly id: string; readonly vector: Float32Array }>,
  k: number,
): IndexHit[] {
  return Array.from(candidates, ({ id, vector }) => ({ id, score: Math.fround(dot(query, vector)) }))
    .sort(compareHits)
    .slice(0, k)
}
