import type { z } from 'zod'
import type { Collection, Task } from '../datasets/collection'
import type { Matrix, Vectors } from '../numeric/matrix'
import type { Spec } from '../registry/registry'
import type { Ranking } from '../retrieval/corpus-index'
import type { PairScorer } from './pair-scorer'

/** Vectors of all documents [documents, d] and all queries [queries, d] of a collection. */
export interface CollectionVectors {
  readonly documents: Vectors
  readonly queries: Matrix
}

/** What a teacher may look at; each takes what it needs of it. */
export interface TeacherMaterial {
  readonly collection: Collection
  /** The task whose train judgments may be used, and on whose dev queries weights may be chosen. */
  readonly task?: Task
  /** Vectors by the encoder that is being taught; rows of queries that nobody asks may be zero. */
  readonly vectors?: CollectionVectors
  /** Vectors by another encoder, named by id or folder. */
  readonly encode?: (encoder: string) => Promise<CollectionVectors>
  /** A cross-encoder by id or folder; whoever gave it disposes of it. */
  readonly openPairScorer?: (model: string, maxTokens: number) => Promise<PairScorer>
}

export interface OrderOptions {
  readonly signal?: AbortSignal
  /** Queries done so far and in all. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Supplies orderings of documents. Its scores are on a scale of its own: compare them within one query only. */
export interface Teacher {
  /**
   * For each query row at most `depth` documents, best first, ties by descending document id. The query's own document is
   * never among them; documents that the teacher knows nothing about are left out, so a list may be short or empty.
   */
  order(queryRows: Int32Array, depth: number, options?: OrderOptions): Promise<Ranking[]>
  /**
   * The scores of every document, [documents] for one query after the other, own documents included or at −∞; only of
   * teachers that score the whole corpus. Each row belongs to the caller.
   */
  readonly score?: (queryRows: Int32Array, options?: OrderOptions) => AsyncGenerator<Float32Array, void, void>
  /** What it settled by itself, in words, once it has: weights chosen on dev. */
  readonly settled?: () => string | null
  dispose(): Promise<void>
}

/** Opens a further teacher on the same material, for those that build on others. */
type OpenTeacher = (name: string, options?: Readonly<Record<string, unknown>>) => Promise<Teacher>

export interface TeacherSpec<Options extends z.ZodType = z.ZodType> extends Spec<Options> {
  /** Whether it can order documents for any query, or only for those whose judgments it was shown. */
  readonly anyQuery: boolean
  create(material: TeacherMaterial, options: z.output<Options>, open: OpenTeacher): Promise<Teacher>
}
