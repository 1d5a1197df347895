import type { IndexManifest } from '../../../shared/schemas/indexes'
import { type Matrix, row } from '../numeric/matrix'
import type { IndexHit, IndexRow, IndexSearch, IndexStore } from './index-engine'
import { requireNext, widthMismatch } from './index-refusals'
import { rescore, SPARE_CANDIDATES } from './rescore'

/** A row is served by the generations from `born` on and before `until`. */
interface Lifetime {
  readonly born: number
  readonly until: number
}

/** Later than any generation; fits 32 bits. */
export const FOREVER = 2 ** 31 - 1

/** Rows of an engine that has filters, and neither transactions nor versions. Each call is done when it has answered. */
export interface MarkedRows {
  manifest(): Promise<IndexManifest | null>
  writeManifest(manifest: IndexManifest): Promise<void>
  /** Of the vectors; null where there is no collection. */
  width(): Promise<number | null>
  create(dimensions: number): Promise<void>
  /** In portions. */
  keys(): AsyncIterable<readonly string[]>
  insert(rows: readonly IndexRow[], lifetime: Lifetime): Promise<void>
  /** Sets `until` of rows by their keys. */
  mark(keys: readonly string[], until: number): Promise<void>
  /** Takes the mark from rows that are to end with a generation after this one. */
  unmark(after: number): Promise<void>
  /** Deletes the rows that ended with this generation or before. */
  sweep(until: number): Promise<void>
  /** The nearest of what this generation serves, by whatever the engine does. */
  nearest(
    query: Float32Array,
    search: IndexSearch & { readonly generation: number },
  ): Promise<readonly { readonly id: string; readonly vector: Float32Array }[]>
  drop(): Promise<void>
  close(): Promise<void>
}

/**
 * An index of such rows. A push writes rows that the next generation serves and marks those that it serves no more; the
 * manifest, one row that is replaced as a whole, moves all searches to it at once. What nobody serves is swept out afterwards,
 * or by the next push where that was broken off.
 */
export function markedStore(rows: MarkedRows): IndexStore {
  const generation = async () => (await rows.manifest())?.generation ?? 0
  return {
    manifest: () => rows.manifest(),

    async prepare(dimensions) {
      const there = await rows.width()
      if (there === null) return rows.create(dimensions)
      if (there !== dimensions) throw widthMismatch(there, dimensions)
      const now = await generation()
      await rows.sweep(now)
      // Marked by a push that was broken off before its manifest: this one may want them.
      await rows.unmark(now)
    },

    async *keys() {
      if ((await rows.width()) !== null) yield* rows.keys()
    },

    async stage(staged) {
      await rows.insert(staged, { born: (await generation()) + 1, until: FOREVER })
    },

    async commit(manifest, gone) {
      requireNext(await rows.manifest(), manifest)
      await rows.mark(gone, manifest.generation)
      await rows.writeManifest(manifest)
      await rows.sweep(manifest.generation)
    },

    async search(queries: Matrix, search) {
      const now = await generation()
      const found: IndexHit[][] = []
      for (let q = 0; q < queries.rows; q++) {
        search.signal?.throwIfAborted()
        const query = row(queries, q)
        const candidates = { ...search, k: search.k + SPARE_CANDIDATES, generation: now }
        found.push(rescore(query, await rows.nearest(query, candidates), search.k))
      }
      return found
    },

    drop: () => rows.drop(),
    close: () => rows.close(),
  }
}
