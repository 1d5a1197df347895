import type { DatasetWriter } from './dataset-writer'
import type { ImportFaults } from './import-faults'

/** How far an import is. */
export interface ImportProgress {
  phase: string
  done: number
  total: number
  unit: string
}

/** What each step of a copy needs: where to write, when to stop, whom to tell. */
export interface Walk {
  readonly writer: DatasetWriter
  readonly signal: AbortSignal | undefined
  /** What is wrong with the files so far. */
  readonly faults: ImportFaults
  advance(bytes: number): void
}

export interface ImportedCards {
  readonly ids: ReadonlySet<string>
  /** Ids of the cards that say a query is asked on them, by query. */
  readonly ofQuery: ReadonlyMap<string, readonly string[]>
}

/** Ids of a dataset that is being imported, and what the judgments are checked against. */
export interface ImportedTexts {
  readonly queries: ReadonlySet<string>
  readonly documents: ReadonlyMap<string, number>
  /** null for a collection with the one card that its template or title makes. */
  readonly cards: ImportedCards | null
}
