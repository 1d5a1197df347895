import type { QdrantClient } from '@qdrant/js-client-rest'
import { HydraError, toHydraError } from '../../../../shared/errors'
import { engineFailure, type Failure } from '../engine-failure'

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
  const failure = (): Failure | null => {
    if (status === 507 || /no space left|disk quota/i.test(said)) return 'full'
    if (status === undefined)
      return /fetch failed|timeout|aborted|terminated/i.test(`${message} ${name}`) ? 'silent' : null
    if (status === 404) return 'gone'
    if (status === 400 && /dimension|expected dim/i.test(said)) return 'width'
    return status >= 500 || status === 429 ? 'silent' : 'refused'
  }
  const kind = failure()
  const engine = { title: 'Qdrant', where: url, credential: 'QDRANT_API_KEY' }
  return kind
    ? engineFailure(kind, engine, `${said}${status ? ` (${status})` : ''}`, error)
    : toHydraError(error)
}
