import { implement, ORPCError, ValidationError } from '@orpc/server'
import { contract } from '../../../shared/contract'
import { HydraError, toHydraError } from '../../../shared/errors'

/**
 * The contract, ready to be implemented: whatever a handler throws leaves as the contract's error `HYDRA`, and input
 * that does not fit its schema as one with the code USAGE.
 */
export const procedures = implement(contract).use(async ({ next }) => {
  try {
    return await next()
  } catch (thrown) {
    const error = fromValidation(thrown) ?? toHydraError(thrown)
    throw new ORPCError('HYDRA', { message: error.message, data: error.toJSON(), cause: thrown })
  }
})

function fromValidation(thrown: unknown): HydraError | null {
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
