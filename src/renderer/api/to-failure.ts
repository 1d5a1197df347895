import { ORPCError } from '@orpc/client'
import { HydraError, type SerializedError, toHydraError } from '../../shared/errors'

/** Whatever a call threw, as the error that people read: code, expected, got, what to do. */
export function toFailure(thrown: unknown): HydraError {
  if (!(thrown instanceof ORPCError)) return toHydraError(thrown)
  if (thrown.code === 'HYDRA') return HydraError.fromJSON(thrown.data as SerializedError)
  if (thrown.code === 'BAD_REQUEST') {
    return new HydraError(
      'USAGE',
      {
        expected: 'a request that fits the contract',
        got: issues(thrown.data) ?? thrown.message,
        remedy: 'Correct the field and try again.',
      },
      { cause: thrown },
    )
  }
  return toHydraError(thrown)
}

/** The messages of a schema's complaint, as oRPC passes them on. */
function issues(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return null
  return data.issues
    .map((issue: { path?: (string | number)[]; message?: string }) =>
      [issue.path?.join('.'), issue.message].filter(Boolean).join(': '),
    )
    .join('; ')
}

export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError'
}
