import type { QdrantClient } from '@qdrant/js-client-rest'
import { HydraError, toHydraError } from '../../../../shared/errors'

const LEAST = [1, 10] as const
const TIMEOUT_MS = 60_000

export interface QdrantConnection {
  call<Result>(work: (client: QdrantClient) => Promise<Result>): Promise<Result>
  /** @throws INDEX_UNSUITABLE */
  requireVersion(): Promise<void>
}

export function connectQdrant(
  Client: typeof QdrantClient,
  { url, apiKey }: { readonly url: string; readonly apiKey?: string },
): QdrantConnection {
  // Its own look at the version would only print a line.
  const client = new Client({ url, apiKey, timeout: TIMEOUT_MS, checkCompatibility: false })

  async function call<Result>(work: (client: QdrantClient) => Promise<Result>): Promise<Result> {
    try {
      return await work(client)
    } catch (error) {
      throw qdrantError(error, url)
    }
  }

  return {
    call,
    async requireVersion() {
      const { version } = await call((one) => one.versionInfo())
      const [major, minor] = version.split('.').map(Number)
      if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) return
      throw new HydraError('INDEX_UNSUITABLE', {
        expected: `Qdrant ${LEAST.join('.')} or later`,
        got: version,
        remedy: 'Update the server.',
        where: url,
      })
    },
  }
}

/** By HTTP's status where there was an answer; what fetch throws where there was none. @internal */
export function qdrantError(error: unknown, url: string): HydraError {
  if (error instanceof HydraError) return error
  const {
    status,
    message = String(error),
    cause,
    data,
    name,
  } = error as {
    status?: number
    message?: string
    cause?: { message?: string }
    data?: { status?: { error?: string } }
    name?: string
  }
  const said = data?.status?.error ?? cause?.message ?? message
  const detail = { got: `${said}${status ? ` (${status})` : ''}`, where: url }
  const because = { cause: error }
  if (status === 507 || /no space left|disk quota/i.test(said)) {
    const remedy = 'Free some space there, then push again: only what is missing is sent.'
    return new HydraError('DISK_FULL', { expected: 'room on the disk of Qdrant', remedy, ...detail }, because)
  }
  if (status === 404) {
    const remedy = 'It was deleted in Qdrant: drop the index, then push its collection again.'
    return new HydraError(
      'INDEX_UNKNOWN',
      { expected: 'the collections of the index', remedy, ...detail },
      because,
    )
  }
  if (status === 400 && /dimension|expected dim/i.test(said)) {
    const remedy = 'Drop the index, or push under another name. Nothing was changed.'
    return new HydraError(
      'INDEX_MISMATCH',
      { expected: 'vectors of the width of the collection', remedy, ...detail },
      because,
    )
  }
  if (
    status === undefined
      ? /fetch failed|timeout|aborted|terminated/i.test(`${message} ${name}`)
      : status >= 500 || status === 429
  ) {
    const remedy =
      'Check the address and that the server runs, then do the same again: a push goes on where it was.'
    return new HydraError(
      'INDEX_UNREACHABLE',
      { expected: 'a Qdrant server that answers', remedy, ...detail },
      because,
    )
  }
  if (status !== undefined) {
    const remedy = 'Check the key (QDRANT_API_KEY), what it may do, and the options of the engine.'
    return new HydraError(
      'INDEX_REFUSED',
      { expected: 'the request to be carried out', remedy, ...detail },
      because,
    )
  }
  return toHydraError(error)
}
