import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { HydraError, toHydraError } from '../../../shared/errors'
import { apiContract } from '../../../shared/serving/api-contract'
import { fromValidation, wrongField } from '../../services/procedures/validation-error'
import type { Serving } from '../../services/serving/serving'
import { bearer, isSame } from '../bearer-token'
import { type Admission, openAdmission } from './admission'
import {
  errorAnswer,
  isFault,
  malformed,
  stopping,
  timedOut,
  tooLarge,
  unknownRoute,
  wrongToken,
} from './api-errors'
import type { ApiMetrics } from './api-metrics'
import { type ApiContext, apiRouter } from './api-router'
import { openapiDocument } from './openapi-document'
import { readJson } from './read-json'

/** Bytes: 2,048 texts of two pages. */
const LARGEST_BODY = 4 * 2 ** 20
/** Bytes of all bodies at once. */
const LARGEST_BODIES = 64 * 2 ** 20
const MOST_REQUESTS = 256
const TIMEOUT_MS = 30_000
/** For what is under way when the service is stopped. */
const GRACE_MS = 10_000
/** Longer than proxies and clients keep a line that nobody uses, so that it is they who close it. */
const KEEP_ALIVE_MS = 75_000

/** Answered whatever else waits: what a supervisor and a scraper ask. */
const ALWAYS = new Set<string | undefined>(
  [apiContract.health, apiContract.metrics].map((procedure) => procedure['~orpc'].route.path),
)
const HEALTH = apiContract.health['~orpc'].route.path
const ROUTES = new Set<string | undefined>(
  Object.values(apiContract).map((procedure) => procedure['~orpc'].route.path),
)

export interface ApiLimits {
  /** Requests that are answered at once; one more is refused. */
  readonly requests?: number
  readonly timeoutMs?: number
  readonly graceMs?: number
}

export interface ApiHost {
  readonly port: number
  readonly url: string
  /** Requests that are being answered. */
  readonly requests: number
  /** Takes no more, answers what is under way, and ends. */
  close(): Promise<void>
}

/** What the services offer to programs, over HTTP, behind a bearer token. */
export async function openApiHost(options: {
  readonly serving: Serving
  readonly metrics: ApiMetrics
  /** Its places are what the metrics see of the queue. */
  readonly admission: Admission
  readonly version: string
  readonly token: string
  readonly address: string
  readonly port: number
  readonly limits?: ApiLimits
  /** Told of faults of ours, never of what was asked. */
  fault(line: string): void
}): Promise<ApiHost> {
  const { serving, metrics, admission, version, token, address, limits = {}, fault } = options
  const { timeoutMs = TIMEOUT_MS, graceMs = GRACE_MS } = limits
  let isStopping = false
  /** Whatever the route, and whether it was let in. */
  let answering = 0
  let document: Promise<Record<string, unknown>> | undefined

  const router = apiRouter({
    serving,
    metrics,
    startedAt: new Date(),
    health: () => ({
      status: 'ok',
      version,
      run: serving.run,
      encoder: serving.encoder,
      waiting: admission.requests,
    }),
    document() {
      document ??= openapiDocument(version)
      return document
    },
  })

  const handler = new OpenAPIHandler<ApiContext>(router, {
    interceptors: [
      async ({ next, ...rest }) => {
        const { request, context } = rest
        const answer = (error: HydraError, param: string | null = null) => {
          const about = { path: request.url.pathname, retrySeconds: admission.retrySeconds, param }
          return { matched: true as const, response: errorAnswer(error, about) }
        }
        if (context.refusal) return answer(context.refusal)
        const deadline = startDeadline(request.signal, timeoutMs)
        try {
          const result = await next({ ...rest, request: { ...request, signal: deadline.signal } })
          return result.matched ? result : answer(unknownRoute(request.method, request.url.pathname))
        } catch (thrown) {
          if (deadline.expired) return answer(timedOut(timeoutMs / 1000))
          const error = fromValidation(thrown) ?? toHydraError(thrown)
          if (!isFault(error)) return answer(error, wrongField(thrown))
          fault(`${request.method} ${request.url.pathname}: ${error.message}`)
          return answer(hidden(error))
        } finally {
          deadline.end()
        }
      },
    ],
  })

  /** Before anything of the body is read. @returns what gives the place back */
  function admit(request: IncomingMessage, path: string): (() => void) | null {
    if (isStopping) throw stopping()
    const key = bearer(request)
    if (path !== HEALTH && !isSame(key, token)) throw wrongToken(key !== null)
    if (!ROUTES.has(path)) throw unknownRoute(request.method, path)
    const type = request.headers['content-type']
    if (request.method === 'POST' && type !== undefined && !/^application\/json\b/i.test(type))
      throw malformed()
    const length = request.headers['content-length']
    if (Number(length) > LARGEST_BODY) throw tooLarge(LARGEST_BODY)
    const isChunked = request.headers['transfer-encoding'] !== undefined
    return ALWAYS.has(path) ? null : admission.enter(isChunked ? LARGEST_BODY : Number(length ?? 0))
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const begun = performance.now()
    const path = pathOf(request)
    let leave: (() => void) | null = null
    answering++
    response.once('close', () => {
      leave?.()
      answering--
      closeWhenDone()
      metrics.answered({
        // A bounded number of names, whatever is asked for.
        route: ROUTES.has(path) ? path : 'other',
        // As nginx counts those who did not wait.
        status: response.writableFinished ? response.statusCode : 499,
        seconds: (performance.now() - begun) / 1000,
      })
    })
    response.setHeader('cache-control', 'no-store')
    response.setHeader('x-content-type-options', 'nosniff')
    if (isStopping) response.setHeader('connection', 'close')
    let refusal: HydraError | null = null
    try {
      leave = admit(request, path)
      // Where oRPC looks for what was read already; it has no bound of its own.
      if (request.method === 'POST') Object.assign(request, { body: await readJson(request, LARGEST_BODY) })
    } catch (thrown) {
      refusal = toHydraError(thrown)
    }
    await handler.handle(request, response, { context: { refusal } })
  }

  /** Idle lines, and those that never asked anything, would keep the server open. */
  function closeWhenDone(): void {
    if (isStopping && answering === 0) server.closeAllConnections()
  }

  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: timeoutMs, headersTimeout: timeoutMs },
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  )
  // Who reads no answer does not keep it in memory for ever.
  server.timeout = 2 * timeoutMs
  await listen(server, options.port, address)
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    get requests() {
      return admission.requests
    },
    async close() {
      isStopping = true
      const closed = new Promise((done) => server.close(done))
      closeWhenDone()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(timer)
    },
  }
}

/** The queue that a host refuses by, apart from it since the metrics look at it, too. */
export function openApiAdmission({ requests = MOST_REQUESTS }: ApiLimits = {}): Admission {
  return openAdmission({ requests, bytes: LARGEST_BODIES })
}

function pathOf({ url }: IncomingMessage): string {
  return (url ?? '/').split('?', 1)[0]
}

/** A fault's code without its words, which may say where files of this machine lie. */
function hidden({ code }: HydraError): HydraError {
  return new HydraError(code, {
    expected: 'an answer',
    got: 'a fault of the service, whose log says more',
    remedy: 'Try again; if it stays, tell who runs the service.',
  })
}

/** The signal of a request that also fires when it has taken too long. */
function startDeadline(signal: AbortSignal | undefined, ms: number) {
  const controller = new AbortController()
  let expired = false
  const stop = () => controller.abort()
  const timer = setTimeout(() => {
    expired = true
    stop()
  }, ms)
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop, { once: true })
  return {
    signal: controller.signal,
    get expired() {
      return expired
    },
    end() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    },
  }
}

function listen(server: ReturnType<typeof createServer>, port: number, address: string): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      failed(
        new HydraError('USAGE', {
          expected: `an address and a port of this machine that may be used`,
          got: error.code === 'EADDRINUSE' ? `${port}, which another program uses` : error.message,
          remedy: 'Name another one, or no port for a free one.',
          command: 'hydra serve --api --port N',
        }),
      )
    })
    server.listen(port, address, () => listening())
  })
}
