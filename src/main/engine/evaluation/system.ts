import type { Normalisation } from '../../../shared/normalisation'
import type { AffineHead } from '../hypernet/head'
import type { Matrix } from '../numeric/matrix'
import type { EncodedTask } from '../preferences/encoded-collection'
import type { Ranking } from '../retrieval/corpus-index'
import type { ShownCard } from './shown-card'

/** A way to rank a task's queries: one row of the ladder, or one setting that a row is chosen from. */
export type System = ShiftSystem | TransformSystem | LexicalSystem | ListSystem | FusedSystem

/** Moves every query of a task by the same vector, or not at all: one more row of the score product, however many queries. */
export interface ShiftSystem {
  readonly name: string
  /** [d], or null for the queries as they are */
  shift(task: EncodedTask, card: ShownCard): Float32Array | null
}

/** Query vectors [n, d] to what the index is asked, [n, d]. Rankings need directions only, so rows need no unit length. */
export interface TransformSystem {
  readonly name: string
  transform(task: EncodedTask, card: ShownCard, queries: Matrix): Matrix | Promise<Matrix>
  /** Head of the documents, where the system moves these too; null: the index as it is. */
  documentHead?(task: EncodedTask, card: ShownCard): AffineHead | null
}

/** The lexical scores alone; documents that share no word with the query are not found. */
interface LexicalSystem {
  readonly name: string
  readonly lexical: true
}

/** Lists made elsewhere, such as a teacher's: at least as many documents as are ranked and hidden, where it knows so many. */
export interface ListSystem {
  readonly name: string
  list(task: EncodedTask, query: number): Ranking
}

/** (1 − share) × another system + share × BM25, both on one scale. */
export interface FusedSystem {
  readonly name: string
  /** A system of the same list. */
  readonly base: System
  readonly normalisation: Normalisation
  /** Of BM25, in [0, 1]. */
  share(task: EncodedTask, card: ShownCard): number
}

export function isFused(system: System): system is FusedSystem {
  return 'base' in system
}
