import { createHash } from 'node:crypto'
import { cancelled, throwIfCancelled, toHydraError } from '../../../../shared/errors'
import { createMatrix, normalizeInPlace, row } from '../../numeric/matrix'
import { USUAL_FORMAT } from '../cache/vector-format'
import type { Encoder, TextRole } from '../encoder'
import { encoderByRole } from '../encoder-by-role'
import { prefixedEncoder } from '../prefixed-encoder'
import { type AskService, type RemoteAccess, serviceAsker } from './ask-service'
import { differenceOf, probeService } from './probe-service'
import { remoteCost, tokensOf } from './remote-cost'
import { changed, unagreed } from './remote-errors'
import { type RemoteModel, recordedProbe } from './remote-model'

/** Texts of a request at most: text-embeddings-inference takes 32 unless it is told otherwise. */
const BATCH_TEXTS = { openai: 128, tei: 32 } as const
/** Bytes of its texts: some 32,000 tokens. */
const BATCH_BYTES = 128 * 1024
/** Requests under way. */
const LANES = 4

/**
 * A service as an encoder. Before the first text is sent in a process the probe is, so that vectors of two models never meet in
 * one cache or run; who finds all in the cache asks nothing.
 * @param cache put around what asks the service, of each role that is asked differently
 * @param maySend whether whoever waits agreed to so many texts more, which may cost
 */
export function openRemoteEncoder(
  model: RemoteModel,
  access: RemoteAccess,
  cache: (encoder: Encoder, role: TextRole) => Encoder,
  maySend: (texts: number) => boolean,
): Encoder {
  const { id, sha256, fingerprint, dimensions, record } = model
  const { types } = record
  const ask = serviceAsker(record, access, record)
  let sound: Promise<void> | null = null

  async function verify(signal: AbortSignal | undefined): Promise<void> {
    const difference = differenceOf(await probeService(ask, types.query, signal), recordedProbe(record))
    if (difference) throw changed(record, id, difference)
  }

  /** What failed is tried again by the next call, and by one that waited for another's which was cancelled. */
  async function verified(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      throwIfCancelled(signal)
      sound ??= verify(signal)
      const current = sound
      try {
        return await current
      } catch (error) {
        if (sound === current) sound = null
        if (signal?.aborted || toHydraError(error).code !== 'CANCELLED') throw error
      }
    }
  }

  function permitted(texts: readonly string[]): void {
    if (maySend(texts.length)) return
    const tokens = texts.reduce((sum, text) => sum + tokensOf(record, text), 0)
    throw unagreed(record, remoteCost(model, texts.length, tokens).words)
  }

  // The role decides both what is put before a text and how it is asked for.
  const ofRole = (role: TextRole): Encoder => {
    const type = types[role]
    const asking = {
      id,
      sha256,
      fingerprint: type === null ? fingerprint : sha256Of(`${fingerprint} ${type}`),
      dimensions,
      encode: batched({ ask, type, dimensions, texts: BATCH_TEXTS[record.api], permitted, verified }),
      dispose: async () => {},
    }
    return prefixedEncoder(cache(asking, role), model.prefixes)
  }
  const query = ofRole('query')
  const isOne = types.document === types.query && model.vectors === USUAL_FORMAT
  return {
    ...encoderByRole({ query, document: isOne ? query : ofRole('document') }),
    id,
    sha256,
    fingerprint,
    dimensions,
  }
}

function batched(options: {
  readonly ask: AskService
  readonly type: string | null
  readonly dimensions: number
  readonly texts: number
  /** @throws REMOTE_UNAGREED */
  permitted(texts: readonly string[]): void
  verified(signal: AbortSignal | undefined): Promise<void>
}): Encoder['encode'] {
  const { ask, type, dimensions, permitted, verified } = options
  return async (texts, { signal, onProgress, onRows } = {}) => {
    throwIfCancelled(signal)
    const vectors = createMatrix(texts.length, dimensions)
    // A blank text, which services refuse, is the zero vector: like nothing.
    const asked = texts.flatMap((text, i) => (text.trim() === '' ? [] : [i]))
    const batches = batchesOf(asked, texts, options.texts)
    let done = texts.length - asked.length
    if (batches.length === 0) return vectors
    permitted(asked.map((i) => texts[i]))
    await verified(signal)
    const stop = new AbortController()
    const until = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
    let next = 0
    async function lane(): Promise<void> {
      while (next < batches.length && !until.aborted) {
        const rows = batches[next++]
        const answer = await ask(
          rows.map((i) => texts[i]),
          type,
          until,
        )
        const part = createMatrix(rows.length, dimensions)
        rows.forEach((at, i) => {
          const vector = row(part, i)
          vector.set(row(answer, i).subarray(0, dimensions))
          vectors.data.set(normalizeInPlace(vector), at * dimensions)
        })
        onRows?.(rows, part.data)
        done += rows.length
        onProgress?.(done, texts.length)
      }
    }
    const lanes = Array.from({ length: LANES }, lane)
    try {
      await Promise.all(lanes)
    } catch (error) {
      stop.abort()
      // Nothing comes any more once this has failed.
      await Promise.allSettled(lanes)
      throw signal?.aborted ? cancelled() : error
    }
    throwIfCancelled(signal)
    return vectors
  }
}

/** Rows in batches, bounded by number and by bytes; one text alone may be larger. */
function batchesOf(rows: readonly number[], texts: readonly string[], most: number): number[][] {
  const batches: number[][] = []
  let bytes = 0
  for (const i of rows) {
    const own = Buffer.byteLength(texts[i])
    const last = batches.at(-1)
    bytes += own
    if (last && last.length < most && bytes <= BATCH_BYTES) last.push(i)
    else {
      batches.push([i])
      bytes = own
    }
  }
  return batches
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
