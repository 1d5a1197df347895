import { cancelled, HydraError, throwIfCancelled } from '../../../shared/errors'
import type { CompileSpec } from '../../../shared/serving/api-schemas'
import type { OperationInput, OperationOutput } from '../../pipeline/operation'

/** Texts of one call: as many as fill the encoder's processes, and few enough that a short request soon has its turn. */
const BATCH_TEXTS = 64
/** Calls under way: one in each of the session's two encoder processes. */
const CALLS = 2

/** What one request wants: texts of one role through one card's head, or as the frozen encoder has them. */
export interface EmbeddingRequest {
  readonly card: { readonly run: string; readonly spec: CompileSpec } | null
  readonly role: 'query' | 'document'
  readonly texts: readonly string[]
  /** Refuses a text that is longer than the encoder reads, in place of cutting it. */
  readonly whole: boolean
}

export interface Embeddings {
  /** [texts, dimensions], row-major, unit rows. */
  readonly vectors: Float32Array
  readonly dimensions: number
  /** Of all texts, as the encoder read them. */
  readonly tokens: number
}

export interface EmbeddingBatches {
  embed(request: EmbeddingRequest, signal?: AbortSignal): Promise<Embeddings>
  /** Texts that wait, and those that are in a call. */
  readonly texts: { readonly waiting: number; readonly called: number }
}

type Input = OperationInput<'embed-texts'>
type Output = OperationOutput<'embed-texts'>

interface Waiting {
  readonly request: EmbeddingRequest
  /** Texts that were handed out so far. */
  given: number
  done: number
  tokens: number
  parts: { readonly first: number; readonly vectors: Float32Array }[]
  resolve(embeddings: Embeddings): void
  reject(error: unknown): void
  settled: boolean
}

interface Slice {
  readonly of: Waiting
  readonly first: number
  readonly texts: readonly string[]
}

/**
 * Texts of requests that come at once, in common calls of the encoder: while calls are under way the others wait, and all that
 * waits goes into the next one. A request of many texts takes turns with the others, `BATCH_TEXTS` at a time.
 */
export function openEmbeddingBatches(options: {
  readonly encoder: string
  call(input: Input): Promise<Output>
  /** Told of each call: how many requests and texts shared it, and of how many texts the vectors were at hand. */
  onCall?(call: { requests: number; texts: number; cached: number; residentBytes: number }): void
}): EmbeddingBatches {
  const { encoder, call, onCall } = options
  const waiting: Waiting[] = []
  let calls = 0
  let called = 0

  function embed(request: EmbeddingRequest, signal?: AbortSignal): Promise<Embeddings> {
    throwIfCancelled(signal)
    return new Promise((done, failed) => {
      const settle =
        <Value>(act: (value: Value) => void) =>
        (value: Value) => {
          if (one.settled) return
          one.settled = true
          signal?.removeEventListener('abort', abandon)
          act(value)
        }
      const one: Waiting = {
        request,
        given: 0,
        done: 0,
        tokens: 0,
        parts: [],
        resolve: settle(done),
        reject: settle(failed),
        settled: false,
      }
      const abandon = () => {
        drop(one)
        one.reject(cancelled())
      }
      signal?.addEventListener('abort', abandon, { once: true })
      waiting.push(one)
      pump()
    })
  }

  function drop(one: Waiting): void {
    const at = waiting.indexOf(one)
    if (at >= 0) waiting.splice(at, 1)
  }

  function pump(): void {
    while (calls < CALLS && waiting.length > 0) void run(takeBatch())
  }

  function takeBatch(): Slice[] {
    const slices: Slice[] = []
    let room = BATCH_TEXTS
    // What is left of a long one goes to the end: those who wait behind it have their turn first.
    for (let turns = waiting.length; turns > 0 && room > 0; turns--) {
      const one = waiting.shift() as Waiting
      const texts = one.request.texts.slice(one.given, one.given + room)
      slices.push({ of: one, first: one.given, texts })
      one.given += texts.length
      room -= texts.length
      if (one.given < one.request.texts.length) waiting.push(one)
    }
    return slices
  }

  async function run(slices: readonly Slice[]): Promise<void> {
    const texts = slices.reduce((sum, slice) => sum + slice.texts.length, 0)
    calls++
    called += texts
    try {
      const output = await call({
        encoder,
        groups: slices.map(({ of: { request }, texts }) => ({ ...request, texts: [...texts] })),
      })
      const { cached, residentBytes } = output
      onCall?.({ requests: slices.length, texts, cached, residentBytes })
      slices.forEach((slice, i) => {
        receive(slice, output.groups[i], output.dimensions)
      })
    } catch (error) {
      // What one text did to all of them shows when each is asked alone.
      if (slices.length > 1) for (const slice of slices) void run([slice])
      else refuse(slices[0].of, error)
    } finally {
      calls--
      called -= texts
      pump()
    }
  }

  function refuse(one: Waiting, error: unknown): void {
    drop(one)
    one.reject(error)
  }

  function receive(slice: Slice, answer: Output['groups'][number], dimensions: number): void {
    const one = slice.of
    if ('error' in answer) {
      refuse(one, HydraError.fromJSON(answer.error))
      return
    }
    one.parts.push({ first: slice.first, vectors: answer.vectors })
    one.done += slice.texts.length
    one.tokens += answer.tokens.reduce((sum, count) => sum + count, 0)
    if (one.done < one.request.texts.length) return
    one.resolve({ vectors: joined(one, dimensions), dimensions, tokens: one.tokens })
  }

  return {
    embed,
    get texts() {
      const left = waiting.reduce((sum, { request, given }) => sum + request.texts.length - given, 0)
      return { waiting: left, called }
    },
  }
}

function joined({ parts, request }: Waiting, dimensions: number): Float32Array {
  if (parts.length === 1) return parts[0].vectors
  const all = new Float32Array(request.texts.length * dimensions)
  for (const { first, vectors } of parts) all.set(vectors, first * dimensions)
  return all
}
