import { createMatrix, dot, type Matrix, row } from '../../numeric/matrix'
import { compareHits } from '../hit-order'
import type { IndexHit } from '../index-engine'
import { SPARE_CANDIDATES } from '../rescore'
import type { BlockScorer } from './block-scorer'

interface ScoredBlock {
  /** [n, d] */
  readonly queries: Matrix
  /** [rows, d] */
  readonly vectors: Matrix
  /** [rows] 0, or −∞ for what may not be found */
  readonly mask: Float32Array
  idOf(place: number): string
}

/**
 * Adds what a block has of each query's k best. The matrix product is summed in float32, whose last digit depends on where in
 * the block a document stands: it only says which documents are near enough, and these are scored again in float64, so that
 * equal vectors score the same wherever they lie.
 */
export async function searchBlock(
  scorer: BlockScorer,
  { queries, vectors, mask, idOf }: ScoredBlock,
  k: number,
  best: readonly BestHits[],
): Promise<void> {
  // Of a sum of d products of unit vectors, in any order: Higham, Accuracy and Stability of Numerical Algorithms, 2002, § 3.1.
  const rounding = vectors.columns * 2 ** -24
  const found = await scorer.best(queries, vectors, mask, k + SPARE_CANDIDATES)
  for (let q = 0; q < queries.rows; q++) {
    const query = row(queries, q)
    const hits = best[q]
    const added = new Set<number>()
    const isNear = (score: number) => score !== Number.NEGATIVE_INFINITY && score >= hits.least - rounding
    const add = (place: number) => {
      hits.add({ id: idOf(place), score: Math.fround(dot(query, row(vectors, place))) })
      added.add(place)
    }
    const score = (i: number) => found.scores[q * found.k + i]
    for (let i = 0; i < found.k && isNear(score(i)); i++) add(found.place(q, i))
    hits.settle()
    // The list ended, and not what is near enough: many documents score the same, and their ids decide.
    if (found.k === vectors.rows || added.size < found.k || !isNear(score(found.k - 1))) continue
    const all = await scorer.scores(createMatrix(1, query.length, query), vectors, mask)
    for (let place = 0; place < all.length; place++) {
      if (!added.has(place) && isNear(all[place])) add(place)
    }
  }
}

/** The k best of hits that come in any order. */
export interface BestHits {
  /** What scores less is not among them, as far as `settle` has looked; −∞ as long as there are fewer than k. */
  readonly least: number
  add(hit: IndexHit): void
  settle(): void
  ranked(): IndexHit[]
}

export function bestHits(k: number): BestHits {
  let hits: IndexHit[] = []
  let least = Number.NEGATIVE_INFINITY
  let settled = 0
  function settle(): void {
    if (hits.length === settled) return
    hits = hits.sort(compareHits).slice(0, k)
    settled = hits.length
    if (settled === k) least = hits[k - 1].score
  }
  return {
    get least() {
      return least
    },
    add(hit) {
      if (hit.score < least) return
      hits.push(hit)
      if (hits.length >= 2 * k + SPARE_CANDIDATES) settle()
    },
    settle,
    ranked() {
      settle()
      return hits
    },
  }
}
