import { HydraError, toHydraError } from '../../../../shared/errors'

/** As much of the package @zilliz/milvus2-sdk-node as is used: it is optional, and so are its types. */
export interface Milvus {
  readonly MilvusClient: new (options: {
    readonly address: string
    readonly token?: string
    readonly timeout: number
    readonly maxRetries: number
  }) => MilvusClient
}

/** Its calls by name: each takes one object and answers with a status, as a field or as itself. */
export interface MilvusClient {
  getVersion(): Promise<Status & { readonly version: string }>
  closeConnection(): Promise<unknown>
  hasCollection(request: object): Promise<Status & { readonly value: boolean }>
  describeCollection(request: object): Promise<
    Status & {
      readonly schema: {
        readonly fields: readonly {
          readonly name: string
          readonly type_params: readonly { readonly key: string; readonly value: unknown }[]
        }[]
      }
    }
  >
  createCollection(request: object): Promise<Status>
  getLoadState(request: object): Promise<Status & { readonly state: string }>
  loadCollectionSync(request: object): Promise<Status>
  dropCollection(request: object): Promise<Status>
  upsert(request: object): Promise<Status>
  delete(request: object): Promise<Status>
  query(request: object): Promise<Status & { readonly data: readonly Record<string, unknown>[] }>
  search(request: object): Promise<Status & { readonly results: readonly Record<string, unknown>[] }>
}

interface Status {
  readonly status?: Status
  readonly error_code?: string | number
  readonly code?: number
  readonly reason?: string
}

const LEAST_SERVER = [2, 6] as const
const LEAST_LITE = [3, 0] as const
const TIMEOUT_MS = 60_000

export interface MilvusConnection {
  /** One call, whose status is looked at: Milvus answers refusals and throws what is lost. */
  call<Result extends Status>(work: (client: MilvusClient) => Promise<Result>): Promise<Result>
  /** @throws INDEX_UNSUITABLE */
  requireVersion(): Promise<void>
  close(): Promise<void>
}

export function connectMilvus(
  { MilvusClient }: Milvus,
  { address, token }: { readonly address: string; readonly token?: string },
): MilvusConnection {
  const client = new MilvusClient({ address, token, timeout: TIMEOUT_MS, maxRetries: 2 })

  async function call<Result extends Status>(
    work: (client: MilvusClient) => Promise<Result>,
  ): Promise<Result> {
    let answer: Result
    try {
      answer = await work(client)
    } catch (error) {
      throw milvusError(error, address)
    }
    const status = answer.status ?? answer
    if ((status.code ?? 0) !== 0 || (status.error_code ?? 'Success') !== 'Success')
      throw milvusError(status, address)
    return answer
  }

  return {
    call,
    async requireVersion() {
      const { version } = await call((one) => one.getVersion())
      const [, major, minor] = /(\d+)\.(\d+)/.exec(version)?.map(Number) ?? []
      const [leastMajor, leastMinor] = /lite/i.test(version) ? LEAST_LITE : LEAST_SERVER
      if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return
      throw new HydraError('INDEX_UNSUITABLE', {
        expected: `Milvus ${LEAST_SERVER.join('.')}, milvus-lite ${LEAST_LITE.join('.')}, or later`,
        got: version,
        remedy: 'Update the server.',
        where: address,
      })
    },
    async close() {
      await client.closeConnection()
    },
  }
}

/** A status that is none of success, or what gRPC throws (its codes 4 and 14 are a deadline and a lost line). @internal */
export function milvusError(error: unknown, address: string): HydraError {
  if (error instanceof HydraError) return error
  const { code, reason, message, error_code } = error as {
    code?: number
    reason?: string
    message?: string
    error_code?: string | number
  }
  const got = `${reason || message || String(error)} (${error_code ?? code})`
  const detail = { got, where: address }
  const cause = { cause: error }
  if (/no space left|disk quota/i.test(got)) {
    const remedy = 'Free some space there, then push again: only what is missing is sent.'
    return new HydraError('DISK_FULL', { expected: 'room on the disk of Milvus', remedy, ...detail }, cause)
  }
  if (error_code === 'CollectionNotExists' || code === 100) {
    const remedy = 'It was deleted in Milvus: drop the index, then push its collection again.'
    return new HydraError(
      'INDEX_UNKNOWN',
      { expected: 'the collections of the index', remedy, ...detail },
      cause,
    )
  }
  if (reason === undefined && (code === 14 || code === 4)) {
    const remedy =
      'Check the address and that the server runs, then do the same again: a push goes on where it was.'
    return new HydraError(
      'INDEX_UNREACHABLE',
      { expected: 'a Milvus server that answers', remedy, ...detail },
      cause,
    )
  }
  if (/\bdim(ension)?\b/i.test(got)) {
    const remedy = 'Drop the index, or push under another name. Nothing was changed.'
    return new HydraError(
      'INDEX_MISMATCH',
      { expected: 'vectors of the width of the collection', remedy, ...detail },
      cause,
    )
  }
  if (reason !== undefined || typeof code === 'number') {
    const remedy = 'Check the token (MILVUS_TOKEN), what it may do, and the options of the engine.'
    return new HydraError(
      'INDEX_REFUSED',
      { expected: 'the call to be carried out', remedy, ...detail },
      cause,
    )
  }
  return toHydraError(error)
}
