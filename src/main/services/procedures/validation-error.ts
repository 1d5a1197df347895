import { ORPCError, ValidationError } from '@orpc/server'
import { HydraError } from '../../../shared/errors'

/** The first field of a request that does not fit its schema; null where nothing of it was wrong. */
export function wrongField(thrown: unknown): string | null {
  if (!(thrown instanceof ORPCError) || !(thrown.cause instanceof ValidationError)) return null
  const [first] = thrown.cause.issues[0]?.path ?? []
  return first === undefined ? null : String(typeof first === 'object' ? first.key : first)
}

/** What of a request (USAGE) or of an answer of ours (INTERNAL) does not fit its schema; null: something else was thrown. */
export function fromValidation(thrown: unknown): HydraError | null {
  if (!(thrown instanceof ORPCError) || !(thrown.cause instanceof ValidationError)) return null
  const isInput = thrown.code === 'BAD_REQUEST'
  const found = thrown.cause.issues.map((issue) => {
    const path = issue.path?.map((part) => (typeof part === 'object' ? part.key : part)).join('.')
    return path ? `${path}: ${issue.message}` : issue.message
  })
  return new HydraError(isInput ? 'USAGE' : 'INTERNAL', {
    expected: isInput ? 'a request that fits the contract' : 'an answer that fits the contract',
    got: found.join('; '),
    remedy: isInput ? 'Correct these fields and ask again.' : 'Please report it.',
  })
}
