/** How queries are written. Whatever is here changes what is written, and so is part of the cache's key. */
export interface Writing {
  /** Queries of a document at most: those that are empty or said twice fall away. */
  readonly perDocument: number
  readonly seed: number
  /** What the model is given, with `{document}` in the document's place; null: the model's usual one. */
  readonly prompt: string | null
}

interface GenerateOptions {
  readonly signal?: AbortSignal
  /** Documents done so far and in all. */
  readonly onProgress?: (done: number, total: number) => void
  /** Queries as they come, for who keeps them: of the documents at `rows`. */
  readonly onQueries?: (rows: readonly number[], queries: readonly (readonly string[])[]) => void
}

/** Reads a document and writes queries that it answers. */
export interface QueryGenerator {
  readonly id: string
  /** sha256 over all that decides what is written: the model, how much of a document it reads, and how it draws. */
  readonly fingerprint: string
  /** Queries of each document, in the order of the documents; for the same document, writing and model always the same. */
  generate(documents: readonly string[], options?: GenerateOptions): Promise<string[][]>
  dispose(): Promise<void>
}
