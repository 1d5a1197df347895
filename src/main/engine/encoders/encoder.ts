import type { Matrix, StoredVectors } from '../numeric/matrix'

/** What a text is to the encoder: many were trained with a prefix of their own for each. */
export type TextRole = 'query' | 'document'

export interface EncodeOptions {
  /** `query` unless said: cards and descriptions are encoded as what people ask. */
  role?: TextRole
  /**
   * `true`: texts of a dataset, of which the next process asks again: a cache on disk keeps them, however few they are. `false`:
   * texts of strangers, which it never keeps. Where nothing is said it keeps what comes many at once.
   */
  lasting?: boolean
  signal?: AbortSignal
  /** Called with texts done so far and in all (cached ones count as done at once). */
  onProgress?: (done: number, total: number) => void
  /** Texts whose vectors were in memory; who keeps none need not call it. */
  onCached?: (texts: number) => void
  /**
   * Vectors as they come, for who keeps them: of the texts at `rows`, [rows, dimensions]. An encoder that makes all of them at
   * once need not call it.
   */
  onRows?: (rows: readonly number[], vectors: Float32Array) => void
}

/** A frozen sentence encoder: texts to L2-normalised vectors [n, dimensions], in the order of the texts. */
export interface Encoder {
  readonly id: string
  /** sha256 of the weights, as published: stands in run.json. */
  readonly sha256: string
  /** sha256 over all that decides a vector (weights, tokenizer, pooling, length, prefixes, cut): the vector cache's key. */
  readonly fingerprint: string
  readonly dimensions: number
  /** What was assumed of it since its files do not say, in sentences for whoever reads a run; absent: nothing. */
  readonly assumed?: readonly string[]
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Matrix>
  /** Rows of the texts that would have to be encoded, where a cache knows; one of several equal texts. */
  missing?(texts: readonly string[], role?: TextRole): Promise<number[]>
  /** Where a cache on disk keeps what is encoded as lasting: vectors to be read there. */
  storing?(role?: TextRole): VectorStoring
  dispose(): Promise<void>
}

/** Vectors of a corpus that is too large to be held. */
export interface VectorStoring {
  /** Texts that follow those before. They have just been encoded. */
  add(texts: readonly string[]): Promise<void>
  /** Of all texts, in their order. They can be read as long as somebody has them, whatever becomes of the cache and the encoder. */
  vectors(): StoredVectors
}
