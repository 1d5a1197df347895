import type { z } from 'zod'
import type { Collection, Task } from '../datasets/collection'
import type { Matrix } from '../numeric/matrix'
import type { Ranking } from '../retrieval/corpus-index'

/** What a teacher may look at; each takes what it needs of it. */
export interface TeacherMaterial {
  readonly collection: Collection
  /** The task whose train judgments may be used. */
  readonly task?: Task
  /** Vectors of all documents [documents, d] and all queries [queries, d] of the collection. */
  readonly vectors?: { readonly documents: Matrix; readonly queries: Matrix }
}

export interface OrderOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** Supplies orderings of documents. Its scores are on a scale of its own: compare them within one query only. */
export interface Teacher {
  /**
   * For each query row at most `depth` documents, best first, ties by descending document id. The query's own document is
   * never among them; documents that the teacher knows nothing about are left out, so a list may be short or empty.
   */
  order(queryRows: Int32Array, depth: number, options?: OrderOptions): Promise<Ranking[]>
  dispose(): Promise<void>
}

export interface TeacherSpec<Options extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly title: string
  readonly summary: string
  readonly citation: string
  readonly options: Options
  create(material: TeacherMaterial, options: z.output<Options>): Promise<Teacher>
}
