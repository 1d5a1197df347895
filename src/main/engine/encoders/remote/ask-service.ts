import { setTimeout } from 'node:timers/promises'
import { cancelled, type HydraError, throwIfCancelled } from '../../../../shared/errors'
import type { RemoteService } from '../../../../shared/schemas/model'
import { reasonOf } from '../../../files/download-file'
import { type Matrix, stackRows } from '../../numeric/matrix'
import { readAnswer } from './remote-answer'
import { noKey, refused, unavailable, wrongKey } from './remote-errors'
import type { RemoteRecord } from './remote-record'

/** How a service is reached. Nothing of the key is ever written or shown. */
export interface RemoteAccess {
  readonly key: string | undefined
  readonly fetch: typeof fetch
  /** Of one request, its answer included; a minute unless said. */
  readonly timeoutMs?: number
  /** Of the first wait between two attempts; half a second unless said. */
  readonly backoffMs?: number
}

/** Texts of one role to vectors [texts, width], as the service has them: not scaled. */
export type AskService = (
  texts: readonly string[],
  type: string | null,
  signal: AbortSignal | undefined,
) => Promise<Matrix>

const TIMEOUT_MS = 60_000
const BACKOFF_MS = 500
const LONGEST_BACKOFF_MS = 30_000
const MOST_ATTEMPTS = 6
/** With all attempts less than the quarter of an hour in which a worker must give a sign of life. */
const LONGEST_WAIT_MS = 60_000
/** Characters of what a service says of a fault. */
const SHOWN = 200
/** What a cut leaves of a character that is two code units. */
const HALF_CHARACTER = /[\uD800-\uDBFF]$/

type Outcome =
  | { readonly vectors: Matrix }
  | { readonly halve: true; readonly error: HydraError }
  | { readonly again: true; readonly afterMs: number | null; readonly error: HydraError }

/**
 * A service, asked again where that may help: no connection, no answer in time, 408, 425, 429 and 5xx, after waits that double
 * and are drawn by chance, so that many who were refused together do not come back together. `Retry-After` holds for all
 * requests of this service. A batch that is too large for it (413) is sent in halves.
 * @param known width and form of answer; absent: the service is asked for the first time
 * @throws REMOTE_UNAVAILABLE, REMOTE_REFUSED, REMOTE_ANSWER_INVALID
 */
export function serviceAsker(
  service: RemoteService,
  access: RemoteAccess,
  known: Partial<Pick<RemoteRecord, 'width' | 'encoding'>> = {},
): AskService {
  const { key, timeoutMs = TIMEOUT_MS, backoffMs = BACKOFF_MS } = access
  let notBefore = 0

  const ask: AskService = async (texts, type, signal) => {
    if (service.keyEnv !== null && !key) throw noKey(service)
    for (let attempt = 1; ; attempt++) {
      await wait(notBefore - performance.now(), signal)
      const outcome = await once(texts, type, signal)
      if ('vectors' in outcome) return outcome.vectors
      if ('halve' in outcome) {
        if (texts.length === 1) throw outcome.error
        const middle = texts.length >> 1
        const first = await ask(texts.slice(0, middle), type, signal)
        return stackRows([first, await ask(texts.slice(middle), type, signal)])
      }
      const { afterMs, error } = outcome
      if (attempt === MOST_ATTEMPTS || (afterMs ?? 0) > LONGEST_WAIT_MS) throw error
      if (afterMs !== null) notBefore = Math.max(notBefore, performance.now() + afterMs)
      const bound = Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** (attempt - 1))
      await wait(bound * (0.5 + Math.random() / 2), signal)
    }
  }

  async function once(
    texts: readonly string[],
    type: string | null,
    signal: AbortSignal | undefined,
  ): Promise<Outcome> {
    throwIfCancelled(signal)
    const timeout = AbortSignal.timeout(timeoutMs)
    let response: Response
    let body: string
    try {
      response = await access.fetch(`${service.url}/${service.api === 'tei' ? 'embed' : 'embeddings'}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(service.keyEnv !== null && { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify(bodyOf(texts, type)),
        // Neither texts nor key go anywhere but where they were told to.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      })
      body = await response.text()
    } catch (cause) {
      if (signal?.aborted) throw cancelled()
      const got = timeout.aborted ? `none in ${timeoutMs / 1000} s` : reasonOf(cause)
      return { again: true, afterMs: null, error: unavailable(service, 'a whole answer', got, cause) }
    }
    if (response.ok) return { vectors: readAnswer(service, body, texts.length, known.width ?? null) }
    return faultOf(response, body)
  }

  function faultOf({ status, headers }: Response, body: string): Outcome {
    const got = `status ${status}${wordsOf(body)}`
    if (status === 408 || status === 425 || status === 429 || status >= 500) {
      const afterMs = retryAfter(headers.get('retry-after'))
      const told = afterMs === null ? '' : `, to be asked again in ${Math.ceil(afterMs / 1000)} s`
      return { again: true, afterMs, error: unavailable(service, 'vectors for texts', got + told) }
    }
    if (status === 413) {
      return {
        halve: true,
        error: refused(service, got, 'Add the model again with a bound on the characters of a text.'),
      }
    }
    if (status === 401 || status === 403) throw wrongKey(service, status)
    if (status === 404) {
      throw refused(
        service,
        got,
        'Check the address, which ends before /embeddings or /embed, and the model’s name.',
      )
    }
    if (status >= 300 && status < 400)
      throw refused(service, `status ${status}, another address`, 'Name that address itself.')
    throw refused(service, got, 'The service says what it does not take; add the model again as it wants it.')
  }

  /** As the service says it, without the key, which some repeat. */
  function wordsOf(body: string): string {
    let words = body
    try {
      const { error, message, detail } = JSON.parse(body)
      words = [error?.message, error, message, detail].find((one) => typeof one === 'string') ?? body
    } catch {
      // Then it is no JSON, and is shown as it is.
    }
    const bare = key ? words.replaceAll(key, '…') : words
    const line = bare.replace(/\s+/g, ' ').trim()
    return line === '' ? '' : `: ${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}`
  }

  function bodyOf(texts: readonly string[], type: string | null): object {
    const { longest, model, dimensions } = service
    const input =
      longest === null ? texts : texts.map((text) => text.slice(0, longest).replace(HALF_CHARACTER, ''))
    const width = dimensions === null ? {} : { dimensions }
    if (service.api === 'tei') {
      return {
        inputs: input,
        normalize: true,
        truncate: true,
        ...width,
        ...(type !== null && { prompt_name: type }),
      }
    }
    return {
      ...(model !== null && { model }),
      input,
      encoding_format: known.encoding ?? 'base64',
      ...width,
      ...(type !== null && { input_type: type }),
    }
  }

  return ask
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms <= 0) return
  await setTimeout(ms, undefined, { signal }).catch(() => {
    throw cancelled()
  })
}

/** Milliseconds; a number of seconds or a date. */
function retryAfter(value: string | null): number | null {
  if (value === null || value.trim() === '') return null
  const ms = Number.isFinite(Number(value)) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}
