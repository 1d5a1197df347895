import type { z } from 'zod'
import type { IndexManifest } from '../../../shared/schemas/indexes'
import type { Matrix } from '../numeric/matrix'
import type { Spec } from '../registry/registry'

/** What a document says of itself beside its text: what a search may be narrowed to. */
export type Metadata = Readonly<Record<string, string | number | boolean>>

/** A document as an index holds it. */
export interface IndexRow {
  /** Of all that decides the row (`rowKey`): a document that changes is another row. */
  readonly key: string
  /** The document's. */
  readonly id: string
  /** [dimensions], of length 1 */
  readonly vector: Float32Array
  readonly metadata: Metadata
}

export interface IndexHit {
  readonly id: string
  /** Inner product in float32. */
  readonly score: number
}

export interface IndexSearch {
  readonly k: number
  /** Only documents whose metadata have all of these values. */
  readonly where?: Metadata
  /** Looks at every document, also where the engine has an approximate index. */
  readonly exact?: boolean
  readonly signal?: AbortSignal
}

/** Where an index is. */
interface IndexPlace {
  readonly name: string
  /** For what an engine writes on this machine; an empty one is made where it is needed. */
  readonly folder: string
}

/** A kind of index. */
export interface IndexEngine<Options extends z.ZodType = z.ZodType> extends Spec<Options> {
  /**
   * The package that it is reached by, loaded when it is used, and how it is installed where it does not come along; null: it
   * needs none.
   */
  readonly client: { readonly name: string; readonly command: string | null } | null
  /**
   * Reaches the engine and looks at its version. Makes nothing.
   * @throws INDEX_UNREACHABLE, INDEX_UNSUITABLE, INDEX_REFUSED
   */
  open(place: IndexPlace, options: z.output<Options>): Promise<IndexStore>
}

/**
 * One index of an engine. What is staged is served from its commit on, all of it at once: a search sees the last finished
 * push, and nothing of one that goes on or was broken off. A connection that is lost in the middle leaves what was staged.
 */
export interface IndexStore {
  /** Of the last finished push; null before the first. */
  manifest(): Promise<IndexManifest | null>
  /**
   * Begins a push of vectors of that many dimensions, or goes on with one that was broken off.
   * @throws INDEX_MISMATCH where what lies there has another width
   */
  prepare(dimensions: number): Promise<void>
  /** Keys of the rows that lie there, staged ones too, in portions. */
  keys(): AsyncIterable<readonly string[]>
  /** Writes rows whose keys do not lie there, each whole or not at all. */
  stage(rows: readonly IndexRow[]): Promise<void>
  /**
   * Serves what was staged, without the rows of the keys `gone`.
   * @throws INDEX_CHANGED where the manifest there is not the one before this
   */
  commit(manifest: IndexManifest, gone: readonly string[]): Promise<void>
  /** Per query the k best, best first, equal scores by descending id. @param queries [n, dimensions] */
  search(queries: Matrix, search: IndexSearch): Promise<IndexHit[][]>
  /** Deletes the index and what was staged for it. */
  drop(): Promise<void>
  close(): Promise<void>
}

/** Gives `open` the options' types. */
export function defineIndexEngine<Options extends z.ZodType>(
  engine: IndexEngine<Options>,
): IndexEngine<Options> {
  return engine
}
