import { type ErrorCode, HydraError } from '../../../shared/errors'
import { apiContract } from '../../../shared/serving/api-contract'
import type { OpenaiError } from '../../../shared/serving/openai-schemas'
import type { TeiError } from '../../../shared/serving/tei-schemas'

/** What a client caused or can wait out; everything else is a fault of ours. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  USAGE: 400,
  CARD_INVALID: 400,
  TOKEN_WRONG: 401,
  ROUTE_UNKNOWN: 404,
  MODEL_MISSING: 404,
  DATASET_UNKNOWN: 404,
  TASK_UNKNOWN: 404,
  CARD_EXISTS: 409,
  REQUEST_TOO_LARGE: 413,
  OVERLOADED: 429,
  CANCELLED: 503,
  TIMED_OUT: 503,
}

export interface ErrorAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: OpenaiError | TeiError
}

export function isFault(error: HydraError): boolean {
  return STATUS[error.code] === undefined
}

/** An error as the clients of a route read it. @param param the field that was wrong */
export function errorAnswer(
  error: HydraError,
  about: { readonly path: string; readonly retrySeconds: number; readonly param?: string | null },
): ErrorAnswer {
  const status = STATUS[error.code] ?? 500
  const headers: Record<string, string> = {}
  if (status === 429 || status === 503) headers['retry-after'] = String(about.retrySeconds)
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  // What was not read of such a body is not worth reading.
  if (status === 401 || status === 413) headers.connection = 'close'
  const isTei = about.path === apiContract.teiEmbed['~orpc'].route.path
  return { status, headers, body: isTei ? teiError(error, status) : openaiError(error, status, about.param) }
}

function openaiError(error: HydraError, status: number, param: string | null = null): OpenaiError {
  const { expected, got, remedy } = error.detail
  const type = status === 429 ? 'rate_limit_error' : status >= 500 ? 'server_error' : 'invalid_request_error'
  return { error: { message: error.message, type, param, code: error.code, expected, got, remedy } }
}

function teiError(error: HydraError, status: number): TeiError {
  const type =
    status === 429 ? 'Overloaded' : status === 503 ? 'Unhealthy' : status >= 500 ? 'Backend' : 'Validation'
  return { error: error.message, error_type: type }
}

export function wrongToken(given: boolean): HydraError {
  return new HydraError('TOKEN_WRONG', {
    expected: 'the header Authorization: Bearer TOKEN, with the token that the service was started with',
    got: given ? 'another token' : 'none',
    remedy: 'Send the token.',
  })
}

export function unknownRoute(method: string | undefined, path: string): HydraError {
  return new HydraError('ROUTE_UNKNOWN', {
    expected: 'a route of /openapi.json, by its method',
    got: `${method ?? ''} ${path.slice(0, 200)}`,
    remedy: 'Look it up there.',
  })
}

export function timedOut(seconds: number): HydraError {
  return new HydraError('TIMED_OUT', {
    expected: `an answer within ${seconds} s`,
    got: 'none yet',
    remedy:
      'Try again later or with fewer texts. A collection is encoded when it is first searched, and what is encoded is kept: search it once in the workbench before it is served.',
  })
}

export function stopping(): HydraError {
  return new HydraError('CANCELLED', {
    expected: 'a service that goes on',
    got: 'one that is being stopped',
    remedy: 'Ask again when it is back.',
  })
}

export function malformed(): HydraError {
  return new HydraError('USAGE', {
    expected: 'a body of JSON, with the header Content-Type: application/json',
    got: 'something else',
    remedy: 'Send the fields of the route, as /openapi.json has them.',
  })
}

export function tooLarge(bytes: number): HydraError {
  return new HydraError('REQUEST_TOO_LARGE', {
    expected: `a body of at most ${bytes} bytes`,
    got: 'a larger one',
    remedy: 'Send fewer texts at once.',
  })
}
