/** A query and a document. */
export type TextPair = readonly [query: string, document: string]

interface PairScorerOptions {
  readonly signal?: AbortSignal
  /** Pairs done so far and in all. */
  readonly onProgress?: (done: number, total: number) => void
  /** Scores as they come, for who keeps them: of the pairs at `rows`. */
  readonly onRows?: (rows: readonly number[], scores: Float32Array) => void
}

/** Reads a query and a document together and says how well the one answers the other. */
export interface PairScorer {
  readonly id: string
  /** sha256 over all that decides a score (weights, tokenizer, length): the score cache's key. */
  readonly fingerprint: string
  /** One relevance score a pair, on the model's own scale, in the order of the pairs. */
  score(pairs: readonly TextPair[], options?: PairScorerOptions): Promise<Float32Array>
  dispose(): Promise<void>
}
