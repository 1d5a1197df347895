import { HydraError, throwIfCancelled } from '../../../shared/errors'
import type { IndexManifest, PushCounts } from '../../../shared/schemas/indexes'
import { type Matrix, row } from '../numeric/matrix'
import type { IndexStore } from './index-engine'
import { type IndexedDocument, rowKey } from './row-key'

/** Documents that are encoded and staged together: 3 MB of vectors at 384 dimensions. */
const BATCH = 2048

export type Indexed = Omit<IndexManifest, 'version' | 'generation' | 'documents' | 'pushedAt'>

/**
 * Makes an index hold exactly these documents: what lies there by its key stays, what is missing is encoded and staged in
 * batches, what is gone is deleted, and the manifest comes last. Broken off and called again it sends what is still missing.
 * @param documents in portions; an id twice is the caller's fault
 * @param encode texts to [n, dimensions]
 */
export async function pushDocuments(options: {
  readonly store: IndexStore
  readonly of: Indexed
  readonly documents: AsyncIterable<readonly IndexedDocument[]>
  readonly encode: (texts: readonly string[]) => Promise<Matrix>
  readonly now: () => Date
  readonly onProgress?: (documents: number) => void
  readonly signal?: AbortSignal
}): Promise<{ readonly manifest: IndexManifest; readonly counts: PushCounts }> {
  const { store, of, encode, now, onProgress, signal } = options
  const before = await store.manifest()
  if (before) requireSameVectors(before, of)
  await store.prepare(of.dimensions)
  // Keys that no document has claimed yet: what is left at the end is gone.
  const stored = new Set<string>()
  for await (const keys of store.keys()) for (const key of keys) stored.add(key)
  let documents = 0
  let written = 0
  let missing: { key: string; document: IndexedDocument }[] = []
  const send = async () => {
    if (missing.length === 0) return
    throwIfCancelled(signal)
    const vectors = await encode(missing.map(({ document }) => document.text))
    requireWidth(vectors.columns, of.dimensions)
    await store.stage(
      missing.map(({ key, document: { id, metadata } }, i) => ({
        key,
        id,
        metadata,
        vector: row(vectors, i),
      })),
    )
    written += missing.length
    missing = []
    onProgress?.(documents)
  }
  for await (const portion of options.documents) {
    for (const document of portion) {
      const key = rowKey(of.encoder.fingerprint, document)
      documents++
      if (stored.delete(key)) continue
      missing.push({ key, document })
      if (missing.length === BATCH) await send()
    }
    onProgress?.(documents - missing.length)
  }
  await send()
  throwIfCancelled(signal)
  const gone = [...stored]
  const kept = documents - written
  const counts = { documents, written, kept, deleted: gone.length }
  if (before && written + gone.length === 0 && before.documents === documents)
    return { counts, manifest: before }
  const manifest: IndexManifest = {
    version: 1,
    generation: (before?.generation ?? 0) + 1,
    ...of,
    documents,
    pushedAt: now().toISOString(),
  }
  await store.commit(manifest, gone)
  return { counts, manifest }
}

/** An index whose vectors another encoder made is never overwritten: heads that are in use expect these. */
function requireSameVectors(before: IndexManifest, of: Indexed): void {
  const { encoder, dimensions } = before
  if (encoder.fingerprint === of.encoder.fingerprint && dimensions === of.dimensions) return
  throw new HydraError('INDEX_MISMATCH', {
    expected: `vectors of ${encoder.id}, ${dimensions} wide, as the index holds them`,
    got: `vectors of ${of.encoder.id}, ${of.dimensions} wide`,
    remedy:
      'Push under another name and let searches go there once it is whole, or drop the index first. Nothing was changed.',
    command: 'hydra index push --name NAME',
  })
}

function requireWidth(columns: number, dimensions: number): void {
  if (columns !== dimensions) throw new RangeError(`vectors of ${columns} columns instead of ${dimensions}`)
}
