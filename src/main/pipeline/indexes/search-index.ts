import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { HydraError } from '../../../shared/errors'
import {
  type IndexManifest,
  indexAnswerSchema,
  indexSearchRequestSchema,
} from '../../../shared/schemas/indexes'
import type { Encoder } from '../../engine/encoders/encoder'
import { decodeHead } from '../../engine/exporting/head-file'
import { applyHead } from '../../engine/hypernet/head'
import { createMatrix, type Matrix, stackRows } from '../../engine/numeric/matrix'
import { requireEncoderOf } from '../exporting/apply-head'
import { cardHead } from '../handing-out/card-head'
import { defineOperation, type OperationContext } from '../operation'
import { reachedIndex } from './open-index'

const input = indexSearchRequestSchema
  .omit({ name: true, engine: true, options: true })
  .extend({ index: reachedIndex })

/** A query over an index, frozen and through a head. The head moves the query and nothing else: documents are as they were pushed. */
export const searchIndex = defineOperation({
  name: 'search-index',
  input,
  output: indexAnswerSchema,
  session: true,
  async run({ index, query, k, head, where, exact }, context) {
    const { signal } = context
    const store = await context.warm.index(index, context)
    const manifest = await store.manifest()
    if (!manifest) throw neverPushed(index)
    const encoder = await context.warm.encoder(manifest.encoder.id, context)
    requireEncoder(encoder, manifest)
    const begun = performance.now()
    const frozen = await encoder.encode([query], { signal })
    const encoded = performance.now()
    const moved = head ? await movedQuery(head, frozen, { manifest, encoder }, context) : null
    const ready = performance.now()
    const queries = moved ? stackRows([frozen, moved.query]) : frozen
    const [frozenHits, conditioned = null] = await store.search(queries, { k, where, exact, signal })
    const done = performance.now()
    return {
      name: index.name,
      engine: index.engine,
      manifest,
      frozen: frozenHits,
      conditioned,
      handedOut: moved?.handedOut ?? null,
      bm25: moved?.bm25 ?? null,
      milliseconds: { encode: encoded - begun, head: ready - encoded, search: done - ready },
    }
  },
})

declare module '../operation' {
  interface Operations {
    'search-index': typeof searchIndex
  }
}

interface MovedQuery {
  readonly query: Matrix
  readonly handedOut: string | null
  readonly bm25: number | null
}

async function movedQuery(
  head: NonNullable<z.output<typeof input>['head']>,
  vector: Matrix,
  { manifest, encoder }: { readonly manifest: IndexManifest; readonly encoder: Encoder },
  context: OperationContext,
): Promise<MovedQuery> {
  if ('file' in head) {
    const { file } = head
    const { head: own, documents, origin } = decodeHead(await readHeadFile(file), file)
    requireEncoderOf(origin, own, encoder, file)
    if (documents) throw movesDocuments(file)
    const { handedOut } = origin
    return {
      query: applyHead(own, vector),
      handedOut: handedOut?.words ?? null,
      bm25: handedOut?.bm25?.share ?? null,
    }
  }
  const {
    handed,
    encoder: own,
    bm25,
    words,
  } = await cardHead({ ...head, dataset: manifest.collection.id }, context)
  requireEncoder(own, manifest)
  const one = createMatrix(1, vector.columns, vector.data.slice())
  if (handed.transformDocuments(one)) throw movesDocuments(head.run)
  return { query: handed.transform(vector), handedOut: words, bm25: bm25?.share ?? null }
}

async function readHeadFile(file: string): Promise<Buffer> {
  return readFile(file).catch((error: Error) => {
    throw new HydraError('FILE_MISSING', {
      expected: 'a head file',
      got: error.message,
      remedy: 'Check the path, or export the head.',
      command: 'hydra export RUN --task T',
      where: file,
    })
  })
}

function requireEncoder(encoder: Encoder, { encoder: pushed }: IndexManifest): void {
  if (encoder.fingerprint === pushed.fingerprint) return
  throw new HydraError('INDEX_MISMATCH', {
    expected: `queries of the encoder that made the index, ${pushed.id}, fingerprint ${pushed.fingerprint.slice(0, 12)}…`,
    got: `${encoder.id}, fingerprint ${encoder.fingerprint.slice(0, 12)}…`,
    remedy: 'Search with a head of that encoder, or push the collection under another name with this one.',
    command: 'hydra index push --name NAME --encoder ENCODER',
  })
}

function movesDocuments(where: string): HydraError {
  return new HydraError('HEAD_INVALID', {
    expected: 'a head that moves queries only',
    got: 'one that moves documents too',
    remedy:
      'An index of frozen document vectors cannot serve it: train with a head that leaves documents alone.',
    command: 'hydra list head',
    where,
  })
}

function neverPushed({ name, engine }: { name: string; engine: string }): HydraError {
  return new HydraError('INDEX_UNKNOWN', {
    expected: `an index ${name} of ${engine} with a finished push`,
    got: 'none',
    remedy: 'Push the collection, or push it again where that was broken off: only what is missing is sent.',
    command: 'hydra index push --collection ID',
  })
}
