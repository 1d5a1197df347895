import type { AffineHead } from '../../hypernet/head'

/** What a compiler is told of a card and of its corpus; a graph takes those of them that its numbers depend on. */
export interface CompilerInputs {
  /** [d] of the card's text */
  readonly description: Float32Array
  /** [d] mean of the example queries; anything where there are no examples */
  readonly queries: Float32Array
  /** [d] mean of the example documents; likewise */
  readonly documents: Float32Array
  /** [d] mean of the corpus's documents that are nearest to `description` */
  readonly nearest: Float32Array
  /** [d] mean document of the corpus that is searched */
  readonly corpus: Float32Array
  /** [d] mean train query of that corpus; of one that was not trained the mean over those that were */
  readonly query_mean: Float32Array
  /** [1] how many examples the card has */
  readonly examples: Float32Array
}

/** What a compiler makes of it: what is handed out. */
export interface CompiledCard {
  readonly head: AffineHead
  /** Null where documents stay as they are. */
  readonly documents: AffineHead | null
  /** Of a network with experts, in the order of its plan; else null. */
  readonly experts: { readonly gates: Float32Array; readonly shares: Float32Array } | null
  /** Share of BM25; 0 where none is handed out. */
  readonly bm25: number
}
