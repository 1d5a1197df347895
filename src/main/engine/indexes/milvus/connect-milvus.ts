import { HydraError, toHydraError } from '../../../../shared/errors'
import { engineFailure, type Failure } from '../engine-failure'

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
interface MilvusClient {
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
  const failure = (): Failure | null => {
    if (/no space left|disk quota/i.test(got)) return 'full'
    if (error_code === 'CollectionNotExists' || code === 100) return 'gone'
    if (reason === undefined && (code === 14 || code === 4)) return 'silent'
    if (/\bdim(ension)?\b/i.test(got)) return 'width'
    return reason !== undefined || typeof code === 'number' ? 'refused' : null
  }
  const kind = failure()
  const engine = { title: 'Milvus', where: address, credential: 'MILVUS_TOKEN' }
  return kind ? engineFailure(kind, engine, got, error) : toHydraError(error)
}
